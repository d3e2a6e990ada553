//! Operators that look at one asset over time.

use super::evaluate::{At, Conventions, Evaluator, price};
use super::market::Bar;
use super::numbers::{
    Line, Products, daily_returns, deviation, growth, is_flat, kama, kurtosis, larger, left_sum, mean,
    mean_absolute_deviation, pairwise_sum, percent_rank, population_deviation, quantile, running_moments,
    skew, smaller, wilder, wilder_from_left,
};
use super::operators::{is_all, least, split};
use super::tree::Tree;

/// One series of an asset up to a time.
#[derive(Clone, Copy)]
struct Series<'e, 'a> {
    evaluator: &'e Evaluator<'a>,
    /// None is the close.
    x: Option<&'a Tree>,
    at: At<'a>,
    first: usize,
}

/// How far back a window reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Span {
    All,
    Last(usize),
}

/// What a window of a new asset or with absent values gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Needs {
    /// A value at every time, and as many times as it says.
    Full,
    /// A value at every time, however few.
    Every,
    /// What there is.
    Any,
}

impl Series<'_, '_> {
    fn on(&self, time: usize) -> Option<f64> {
        match self.x {
            Some(x) => self.evaluator.cell(x, self.at.on(time)),
            None => self.evaluator.bar(self.at.on(time)).map(|bar| price(bar, "close")),
        }
    }

    fn today(&self) -> Option<f64> {
        self.on(self.at.time)
    }

    /// The value some time ago, if the asset was there.
    fn ago(&self, n: usize) -> Option<f64> {
        self.on(self.at.time.checked_sub(n).filter(|then| self.first <= *then)?)
    }

    /// The values since the first that are not absent.
    fn present(&self) -> Vec<f64> {
        (self.first..=self.at.time).filter_map(|time| self.on(time)).collect()
    }

    /// The first time of a window.
    fn start(&self, span: Span) -> usize {
        match span {
            Span::All => self.first,
            Span::Last(n) => self.first.max((self.at.time + 1).saturating_sub(n)),
        }
    }

    /// The values of a window with their places in it, from 1.
    fn window(&self, span: Span, needs: Needs) -> Option<(Vec<f64>, Vec<f64>)> {
        let start = self.start(span);
        let placed = |time: usize| Some(((time - start + 1) as f64, self.on(time)?));
        let times = start..=self.at.time;
        if span == Span::All {
            self.today()?;
        }
        if span == Span::All || needs == Needs::Any {
            return Some(times.filter_map(placed).unzip());
        }
        let (places, values): (Vec<f64>, Vec<f64>) =
            times.map(placed).collect::<Option<Vec<_>>>()?.into_iter().unzip();
        let full = span == Span::Last(values.len());
        (full || needs == Needs::Every).then_some((places, values))
    }
}

impl<'a> Evaluator<'a> {
    fn span(&self, window: &Tree) -> Span {
        if is_all(window) { Span::All } else { Span::Last(self.count(window)) }
    }

    pub(super) fn over_time(&self, operator: &str, arguments: &'a [Tree], at: At<'a>) -> Option<f64> {
        let first = self.first(at)?;
        let at = At { entered: None, ..at };
        let (series, constants) = split(operator, arguments);
        let series_of = |x: Option<&'a Tree>| Series { evaluator: self, x, at, first };
        let x = series_of(series.first());
        match operator {
            "hold" => self.hold(arguments, at, first),
            "latch" | "days_since" => {
                let then =
                    (first..=at.time).rfind(|time| self.is(&series[series.len() - 1], at.on(*time)))?;
                if operator == "latch" { x.on(then) } else { Some((at.time - then) as f64) }
            }
            "lag" => x.ago(self.count(&constants[0])),
            "returns" => Some(x.today()? / x.ago(self.count(&constants[0]))? - 1.0),
            "delta" => Some(x.today()? - x.ago(self.count(&constants[0]))?),
            "ema" | "wilder" | "rsi" | "kama" => self.averaged(operator, &x, constants),
            "atr" | "plus_di" | "minus_di" | "adx" | "supertrend" | "parabolic_sar" => {
                self.of_bars(operator, constants, at, first)
            }
            "momentum" | "volatility" => self.of_returns(operator, &x, self.span(&constants[0])),
            "covariance" | "correlation" | "beta" => {
                let second = series_of(Some(&series[1]));
                // The one of which a beta is told comes first.
                let (x, y) = if operator == "beta" { (second, x) } else { (x, second) };
                self.of_two(operator, &x, &y, self.span(&constants[0]))
            }
            _ => {
                let q = constants.get(1).map(|q| self.constant(q));
                self.of_window(operator, &x, self.span(&constants[0]), q)
            }
        }
    }

    /// When a hold was entered that still lasts.
    fn entered(&self, enter: &'a Tree, exit: &'a Tree, at: At<'a>, first: usize) -> Option<usize> {
        let mut entered = None;
        for time in first..=at.time {
            let at = at.on(time);
            let exits = |since: usize| self.is(exit, At { entered: Some(since), ..at });
            entered = match entered {
                Some(since) if exits(since) => None,
                None if self.is(enter, at) && !exits(time) => Some(time),
                as_before => as_before,
            };
        }
        entered
    }

    fn hold(&self, arguments: &'a [Tree], at: At<'a>, first: usize) -> Option<f64> {
        let (enter, exit, size) = match arguments {
            [enter, exit] => (enter, exit, None),
            [enter, exit, size] => (enter, exit, Some(size)),
            _ => panic!("hold with {} arguments", arguments.len()),
        };
        let entered = self.entered(enter, exit, at, first);
        match (entered, size) {
            (None, _) => Some(0.0),
            (Some(_), None) => Some(1.0),
            (Some(_), Some(size)) => self.cell(size, At { entered, ..at }),
        }
    }

    /// About the hold that was entered at a time.
    pub(super) fn of_this_hold(
        &self,
        operator: &str,
        arguments: &'a [Tree],
        at: At<'a>,
        entered: usize,
    ) -> Option<f64> {
        let on = |time: usize, x: &'a Tree| self.cell(x, At { time, entered: None, ..at });
        let since = |x: &'a Tree| (entered..=at.time).filter_map(move |time| on(time, x));
        match (operator, arguments) {
            ("age", []) => Some((at.time - entered) as f64),
            ("entry", [x]) => on(entered, x),
            ("peak", [x]) => since(x).reduce(larger),
            ("trough", [x]) => since(x).reduce(smaller),
            _ => panic!("{operator} with {} arguments", arguments.len()),
        }
    }

    /// What a window needs: older operators take short ones where histories may be short.
    fn needs(&self, at: At<'_>, is_older: bool) -> Needs {
        match (at.partial, self.conventions) {
            (true, _) => Needs::Any,
            (false, Conventions::Qstrader) if is_older => Needs::Every,
            _ => Needs::Full,
        }
    }

    fn of_returns(&self, operator: &str, x: &Series<'_, 'a>, span: Span) -> Option<f64> {
        let yearly = x.at.frame.in_a_year().sqrt();
        let needs = self.needs(x.at, true);
        if span == Span::All || needs == Needs::Any {
            if span == Span::All {
                x.today()?;
            }
            let start = x.start(span).max(x.first + 1);
            let factor = |time: usize| Some(x.on(time)? / x.on(time - 1)? - 1.0).filter(|r| r.is_finite());
            let returns: Vec<f64> = (start..=x.at.time).filter_map(factor).collect();
            return match operator {
                _ if returns.is_empty() => None,
                "momentum" => Some(growth(&returns)),
                _ if span == Span::All => {
                    Some((running_moments(&returns).1 / returns.len() as f64).sqrt() * yearly)
                }
                _ => Some(population_deviation(&returns) * yearly),
            };
        }
        let Span::Last(n) = span else { unreachable!("all is above") };
        let returns = daily_returns(&x.window(Span::Last(n + 1), needs)?.1)?;
        Some(if operator == "momentum" { growth(&returns) } else { population_deviation(&returns) * yearly })
    }

    fn of_window(&self, operator: &str, x: &Series<'_, 'a>, span: Span, q: Option<f64>) -> Option<f64> {
        let (places, values) = x.window(span, self.needs(x.at, operator == "sma"))?;
        if values.len() < least(operator) {
            return None;
        }
        let k = values.len() as f64;
        let extreme = |of: fn(f64, f64) -> f64| values.iter().copied().reduce(of).expect("a value");
        let since = |extreme: f64| {
            let oldest = values.iter().position(|x| *x == extreme).expect("it is one of them");
            (x.at.time + 1 - x.start(span)) as f64 - places[oldest]
        };
        let running = span == Span::All;
        match operator {
            "sum" if running => Some(left_sum(&values)),
            "sum" => Some(pairwise_sum(&values)),
            "product" => Some(values.iter().fold(1.0, |product, x| product * x)),
            "sma" if running => Some(left_sum(&values) / k),
            "sma" => Some(mean(&values)),
            "stdev" if running => Some((running_moments(&values).1 / (k - 1.0)).sqrt()),
            "stdev" => Some(deviation(&values)),
            "zscore" => {
                let (mean, deviation) = if running {
                    let (mean, squares) = running_moments(&values);
                    (mean, (squares / (k - 1.0)).sqrt())
                } else {
                    (mean(&values), deviation(&values))
                };
                let own = x.today()?;
                if deviation == 0.0 || !deviation.is_finite() || is_flat(&values) {
                    None
                } else {
                    Some((own - mean) / deviation)
                }
            }
            "highest" => Some(extreme(larger)),
            "lowest" => Some(extreme(smaller)),
            "days_since_highest" => Some(since(extreme(larger))),
            "days_since_lowest" => Some(since(extreme(smaller))),
            "median" => Some(quantile(&values, 0.5)),
            "quantile" => Some(quantile(&values, q.expect("a fraction"))),
            "percent_rank" => Some(percent_rank(&values, x.today()?)),
            "mean_absolute_deviation" => Some(mean_absolute_deviation(&values)),
            "skew" => skew(&values),
            "kurtosis" => kurtosis(&values),
            "count_true" => Some(values.iter().filter(|x| **x != 0.0).count() as f64),
            "wma" => {
                let weighted: Vec<f64> =
                    values.iter().enumerate().map(|(index, x)| (index as f64 + 1.0) * x).collect();
                Some(pairwise_sum(&weighted) / (k * (k + 1.0) / 2.0))
            }
            "slope" => Some(Line::through(&places, &values).map_or(0.0, |line| line.slope)),
            "residual" => {
                let own = x.today()?;
                let place = (x.at.time + 1 - x.start(span)) as f64;
                let distance = |line: Line| (own - line.mean) - line.slope * (place - line.mean_place);
                Some(Line::through(&places, &values).map_or(0.0, distance))
            }
            "rsquare" => Line::through(&places, &values).map(|line| line.rsquare),
            _ => panic!("no operator {operator}"),
        }
    }

    /// Statistics of two series on the days on which both are present.
    fn of_two(&self, operator: &str, x: &Series<'_, 'a>, y: &Series<'_, 'a>, span: Span) -> Option<f64> {
        let times = x.start(span)..=x.at.time;
        let pair = |time: usize| Some((x.on(time)?, y.on(time)?));
        let (x, y): (Vec<f64>, Vec<f64>) = if span == Span::All || x.at.partial {
            if span == Span::All {
                pair(x.at.time)?;
            }
            times.filter_map(pair).unzip()
        } else {
            let pairs = times.map(pair).collect::<Option<Vec<_>>>()?;
            if Span::Last(pairs.len()) != span {
                return None;
            }
            pairs.into_iter().unzip()
        };
        if x.len() < least(operator) {
            return None;
        }
        let sums = if span == Span::All { Products::running(&x, &y) } else { Products::of_window(&x, &y) };
        let (flat_x, flat_y) = (is_flat(&x), is_flat(&y));
        match operator {
            "covariance" if flat_x || flat_y => Some(0.0),
            "covariance" => Some(sums.xy / (x.len() as f64 - 1.0)),
            "correlation" if flat_x || flat_y => None,
            "correlation" => {
                let unbounded = sums.xy / (sums.xx.sqrt() * sums.yy.sqrt());
                Some(unbounded).filter(|r| r.is_finite()).map(|r| r.clamp(-1.0, 1.0))
            }
            // The slope of y on x.
            _ if flat_x => None,
            _ if flat_y => Some(0.0),
            _ => Some(sums.xy / sums.xx),
        }
    }

    /// Averages that pass over absent values and are absent there.
    fn averaged(&self, operator: &str, x: &Series<'_, 'a>, constants: &[Tree]) -> Option<f64> {
        x.today()?;
        let values = x.present();
        match operator {
            "ema" => {
                let n = self.constant(&constants[0]);
                let waits = self.conventions == Conventions::Sound && !x.at.partial;
                if waits && values.len() < n.ceil() as usize {
                    return None;
                }
                let weight = 2.0 / (n + 1.0);
                values.into_iter().reduce(|average, value| average + (value - average) * weight)
            }
            "wilder" => wilder(&values, self.constant(&constants[0])).pop(),
            "kama" => {
                let number = |index: usize, usual| constants.get(index).map_or(usual, |x| self.constant(x));
                kama(&values, self.count(&constants[0]), number(1, 2.0), number(2, 30.0))
            }
            _ => {
                let n = self.count(&constants[0]);
                let changes = |sign: f64| -> Vec<f64> {
                    values.windows(2).map(|pair| larger(sign * (pair[1] - pair[0]), 0.0)).collect()
                };
                let (gain, loss) =
                    (wilder_from_left(&changes(1.0), n).pop()?, wilder_from_left(&changes(-1.0), n).pop()?);
                if gain == 0.0 && loss == 0.0 { Some(50.0) } else { Some(100.0 * gain / (gain + loss)) }
            }
        }
    }

    fn of_bars(&self, operator: &str, constants: &[Tree], at: At<'a>, first: usize) -> Option<f64> {
        let bar = |time: usize| self.bar(at.on(time)).expect("an asset has bars since it joined");
        let bars: Vec<Bar> = (first..=at.time).map(bar).collect();
        match operator {
            "atr" => wilder_from_left(&true_ranges(&bars), self.count(&constants[0])).pop(),
            "plus_di" => directional(&bars, true, self.count(&constants[0])).pop(),
            "minus_di" => directional(&bars, false, self.count(&constants[0])).pop(),
            "adx" => {
                let n = self.count(&constants[0]);
                let both = directional(&bars, true, n).into_iter().zip(directional(&bars, false, n));
                let strength = |(plus, minus): (f64, f64)| {
                    let sum = plus + minus;
                    if sum == 0.0 { 0.0 } else { 100.0 * (plus - minus).abs() / sum }
                };
                let mut strengths: Vec<f64> = both.map(strength).collect();
                strengths.last().filter(|x| x.is_finite())?;
                strengths.retain(|x| x.is_finite());
                wilder(&strengths, n as f64).pop()
            }
            "supertrend" => supertrend(&bars, self.count(&constants[0]), self.constant(&constants[1])),
            _ => parabolic_sar(&bars, self.constant(&constants[0]), self.constant(&constants[1])),
        }
    }
}

/// The first day's is its high less its low.
fn true_ranges(bars: &[Bar]) -> Vec<f64> {
    let range = |bar: &Bar| bar.high - bar.low;
    let with_gap = |pair: &[Bar]| {
        let before = pair[0].close;
        larger(larger(range(&pair[1]), (pair[1].high - before).abs()), (pair[1].low - before).abs())
    };
    bars.first().map(range).into_iter().chain(bars.windows(2).map(with_gap)).collect()
}

/// How far a bar went beyond the one before it: upwards, or downwards.
fn movement(before: &Bar, bar: &Bar, upwards: bool) -> f64 {
    let (up, down) = (bar.high - before.high, before.low - bar.low);
    let (own, other) = if upwards { (up, down) } else { (down, up) };
    if own > other && own > 0.0 { own } else { 0.0 }
}

/// The directional index from its first day on.
fn directional(bars: &[Bar], upwards: bool, n: usize) -> Vec<f64> {
    let moves: Vec<f64> = bars.windows(2).map(|pair| movement(&pair[0], &pair[1], upwards)).collect();
    let moves = wilder(&moves, n as f64).into_iter();
    let ranges = wilder(&true_ranges(bars)[1..], n as f64);
    moves.zip(ranges).map(|(moved, range)| if range == 0.0 { 0.0 } else { 100.0 * moved / range }).collect()
}

fn supertrend(bars: &[Bar], n: usize, k: f64) -> Option<f64> {
    let ranges = wilder_from_left(&true_ranges(bars), n);
    let (mut line, mut upper, mut lower, mut is_up) = (None, 0.0, 0.0, false);
    for (today, a) in (n - 1..bars.len()).zip(ranges) {
        let bar = &bars[today];
        let middle = (bar.high + bar.low) / 2.0;
        let (u, l) = (middle + k * a, middle - k * a);
        if line.is_none() {
            (upper, lower) = (u, l);
        } else {
            let before = bars[today - 1].close;
            if u < upper || before > upper {
                upper = u;
            }
            if l > lower || before < lower {
                lower = l;
            }
            is_up = if is_up { bar.close >= lower } else { bar.close > upper };
        }
        line = Some(if is_up { lower } else { upper });
    }
    line
}

fn parabolic_sar(bars: &[Bar], step: f64, most: f64) -> Option<f64> {
    let [yesterday, today, ..] = bars else { return None };
    let mut is_long = movement(yesterday, today, false) <= 0.0;
    let (mut s, mut e) = if is_long { (yesterday.low, today.high) } else { (yesterday.high, today.low) };
    let (mut a, mut value, mut before) = (step, s, *today);
    for bar in &bars[1..] {
        let (highs, lows) = (larger(before.high, bar.high), smaller(before.low, bar.low));
        let turns = if is_long { bar.low <= s } else { bar.high >= s };
        if turns {
            is_long = !is_long;
            s = if is_long { smaller(e, lows) } else { larger(e, highs) };
            value = s;
            a = step;
            e = if is_long { bar.high } else { bar.low };
        } else {
            value = s;
            let goes_on = if is_long { bar.high > e } else { bar.low < e };
            if goes_on {
                e = if is_long { bar.high } else { bar.low };
                a = smaller(a + step, most);
            }
        }
        s += a * (e - s);
        s = if is_long { smaller(s, lows) } else { larger(s, highs) };
        before = *bar;
    }
    Some(value)
}
