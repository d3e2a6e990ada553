//! Weights worked out by hand, operator by operator. They judge the reference and the program alike.

use chrono::{Days, NaiveDate, Weekday};

use super::door::{Case, Decision, Schedule, compare, refused};
use super::evaluate::Conventions;
use super::extras::Extras;
use super::market::{History, Row, weekdays};
use super::parse::parse;
use super::tree::Tree;

/// The weights of every day under `qstrader`.
#[track_caller]
fn check(formula: &str, prices: &str, weights: &str) {
    given(prices).decides(formula, weights);
}

/// A case without a formula.
///
/// `A 10 - 12 | (S) 2/5/1/3`: one asset a column of prices, a day each from Monday, 1 January 2024. `-` is a day
/// without a bar, `10` a bar whose four prices are 10; otherwise open/high/low/close/volume, `?` for a missing cell,
/// then `~` and the adjusted close if prices are to be adjusted. An asset in parentheses is outside the universe.
fn given(prices: &str) -> Given {
    let first = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a date");
    let table = weekdays(first, first + Days::new(60));
    let mut case = Case {
        formula: Tree::Number(0.0),
        parameters: vec![],
        universe: vec![],
        entry: vec![],
        files: vec![],
        adjust: prices.contains('~'),
        conventions: Conventions::Qstrader,
        history: History::SinceEntry,
        schedule: Schedule::Daily,
        start: first,
        burn_in: None,
        end: first,
        extras: Extras::default(),
    };
    for column in prices.split('|') {
        let mut words = column.split_whitespace();
        let name = words.next().expect("a column begins with its asset");
        let symbol = name.trim_matches(['(', ')']).to_string();
        if symbol == name {
            case.universe.push(symbol.clone());
        }
        let cells: Vec<&str> = words.collect();
        case.end = case.end.max(table[cells.len() - 1]);
        let dated = table.iter().zip(cells).filter(|(_, cell)| *cell != "-");
        case.files.push((symbol, dated.map(|(date, cell)| row(*date, cell)).collect()));
    }
    Given { case, table }
}

fn row(date: NaiveDate, text: &str) -> Row {
    let (bar, adjusted) = text.split_once('~').unwrap_or((text, "?"));
    let cell = |cell: &str| if cell == "?" { None } else { Some(cell.parse().expect("a price")) };
    let cells: Vec<Option<f64>> = bar.split('/').map(cell).collect();
    let at = |index: usize| if cells.len() == 1 { cells[0] } else { cells[index] };
    Row {
        date,
        open: at(0),
        high: at(1),
        low: at(2),
        close: at(3),
        adjusted_close: cell(adjusted),
        volume: cells.get(4).copied().unwrap_or(Some(100.0)),
    }
}

struct Given {
    case: Case,
    table: Vec<NaiveDate>,
}

impl Given {
    fn sound(mut self) -> Given {
        self.case.conventions = Conventions::Sound;
        self
    }

    fn parameter(mut self, name: &str, value: &str) -> Given {
        self.case.parameters.push((name.into(), value.into()));
        self
    }

    fn all_bars(mut self) -> Given {
        self.case.history = History::AllBars;
        self
    }

    fn entry(mut self, asset: &str, day: usize) -> Given {
        self.case.entry.push((asset.into(), self.table[day]));
        self
    }

    /// The backtest starts on a later day than the prices.
    fn start(mut self, day: usize) -> Given {
        self.case.start = self.table[day];
        self
    }

    fn burn_in(mut self, day: usize) -> Given {
        self.case.burn_in = Some(self.table[day]);
        self
    }

    fn schedule(mut self, schedule: Schedule) -> Given {
        self.case.schedule = schedule;
        self
    }

    fn formula(&self, formula: &str) -> Case {
        Case { formula: parse(formula).expect("the table's formula is right"), ..self.case.clone() }
    }

    /// The last weight of one asset.
    #[track_caller]
    fn has(&self, formula: &str, asset: &str, weight: &str) {
        let case = self.formula(formula);
        let decisions = case.decisions();
        let got = decisions.last().and_then(|(_, weights)| weights.get(asset));
        assert_eq!(got, Some(&number(weight)), "`{formula}`");
        if let Err(difference) = compare(&case) {
            panic!("{difference}");
        }
    }

    /// `A 0 1/2 | B ...`: the weight of every decision, a number or a quotient; an asset left out has none but zeros.
    #[track_caller]
    fn decides(&self, formula: &str, weights: &str) {
        let case = self.formula(formula);
        let decisions = case.decisions();
        let mut left = decisions.clone();
        for column in weights.split('|') {
            let mut words = column.split_whitespace();
            let asset = words.next().expect("a column begins with its asset");
            let expected: Vec<f64> = words.map(number).collect();
            assert_eq!(expected.len(), decisions.len(), "`{formula}`: decisions of {asset}");
            for ((day, decided), expected) in left.iter_mut().zip(expected) {
                let got = decided.remove(asset).unwrap_or(0.0);
                let apart = (got - expected).abs() > 1e-12 * expected.abs();
                assert!(!apart, "`{formula}`: {asset} on day {day}: {got} instead of {expected}");
            }
        }
        let unexpected = |(_, weights): &&Decision| weights.values().any(|weight| *weight != 0.0);
        assert_eq!(left.iter().find(unexpected), None, "`{formula}`: weights that no column expects");
        if let Err(difference) = compare(&case) {
            panic!("{difference}");
        }
    }
}

fn number(text: &str) -> f64 {
    let parsed = |text: &str| text.parse::<f64>().expect("a number");
    text.split_once('/').map_or_else(|| parsed(text), |(over, under)| parsed(over) / parsed(under))
}

#[track_caller]
fn refuses(formula: &str) {
    let mut case = given("A 1 2 3").case;
    case.formula = Tree::Name(formula.into());
    refused(&case);
}

#[test]
fn series_are_the_columns_of_the_file() {
    let prices = "A 2/5/1/3/700";
    check("open", prices, "A 2");
    check("high", prices, "A 5");
    check("low", prices, "A 1");
    check("close", prices, "A 3");
    check("volume", prices, "A 700");
}

#[test]
fn a_weekday_without_a_bar_repeats_the_last_close_and_trades_nothing() {
    let prices = "A 2/5/1/3/700 -";
    check("open", prices, "A 2 3");
    check("high", prices, "A 5 3");
    check("low", prices, "A 1 3");
    check("close", prices, "A 3 3");
    check("volume", prices, "A 700 0");
}

#[test]
fn prices_are_adjusted_and_volume_is_not() {
    let prices = "A 4/8/2/6/700~3";
    check("open", prices, "A 2");
    check("high", prices, "A 4");
    check("low", prices, "A 1");
    check("close", prices, "A 3");
    check("volume", prices, "A 700");
}

#[test]
fn adjusting_divides_before_it_multiplies() {
    // (1 / 49) * 49 is a little less than 1.
    check("open < close", "A 49/49/49/49/700~1", "A 1");
}

#[test]
fn missing_cells_take_the_price_before_them() {
    let prices = "A 2/5/1/3/700 ?/?/?/4/?";
    check("open", prices, "A 2 3");
    check("high", prices, "A 5 4");
    check("low", prices, "A 1 3");
    check("volume", prices, "A 700 0");
    check("close", "A 2/5/1/3/700 2/9/1/?/700", "A 3 2");
    check("high", "A 2/5/1/3/700 2/9/1/?/700", "A 5 9");
}

#[test]
fn a_factor_that_is_missing_takes_open_high_and_low_with_it() {
    let prices = "A 2/5/1/3/700~3 2/9/1/4/700~? 2/9/1/?/700~5";
    check("open", prices, "A 2 3 3");
    check("high", prices, "A 5 3 5");
    check("low", prices, "A 1 3 3");
    check("close", prices, "A 3 3 5");
    check("volume", prices, "A 700 700 700");
}

#[test]
fn history_before_the_start_is_read_only_for_a_first_day_without_a_bar() {
    given("A 7 - 9").start(1).decides("close", "A 7 9");
    given("A 7 8 9").start(1).decides("lag(close, 1)", "A 0 8");
    given("A 7 8 9 10").start(1).decides("sma(2)", "A 0 8.5 9.5");
    given("A 7 8 9 10").start(1).decides("hold(close == 7, close == 10)", "A 0 0 0");
}

#[test]
fn lag_names_one_day() {
    check("lag(close, 1)", "A 5 6 7", "A 0 5 6");
    check("lag(close, 2)", "A 5 6 7", "A 0 0 5");
    check("lag(1)", "A 1 1 1 1 | B - 5 6 7", "A 0 1 1 1 | B 0 0 5 6");
    check("lag(lag(close, 1), 1)", "A 5 6 7", "A 0 0 5");
}

#[test]
fn returns_compare_two_days() {
    check("returns(1)", "A 4 5 10", "A 0 0.25 1");
    check("returns(close, 2)", "A 4 5 10", "A 0 0 1.5");
    check("returns(volume, 1)", "A 1/1/1/1/0 1/1/1/1/5 1/1/1/1/10", "A 0 0 1");
}

#[test]
fn momentum_is_what_there_is_once_the_gate_is_open() {
    check("momentum(2)", "A 4 5 10 5 | B - - 3 6", "A 0 0.25 1.5 0 | B 0 0 0 1");
    check("momentum(close, 1)", "A 4 5 10 5", "A 0 0.25 1 -0.5");
    // On the day it joins, the newcomer's 0 beats a falling asset (docs/conventions.md).
    check("top(momentum(2), 1)", "A 8 6 5 4 | B - - 3 3", "A 0 1 0 0 | B 0 0 1 1");
    check("momentum(volume, 2)", "A 1/1/1/1/0 1/1/1/1/5 1/1/1/1/6 1/1/1/1/9", "A 0 0 0 0.8");
}

#[test]
fn momentum_needs_its_window_under_sound() {
    given("A 4 5 10 5").sound().decides("momentum(2)", "A 0 0 1.5 0");
    given("A 4 5 10 5 | B - 1 1 1").sound().decides("momentum(2) >= 0", "A 0 0 1 1 | B 0 0 0 1");
}

#[test]
fn sma_is_the_mean_of_what_there_is() {
    check("sma(3)", "A 1 2 6 7 | B - - 2 4", "A 0 0 3 5 | B 0 0 2 3");
    check("sma(close > 1, 2)", "A 1 2 6 1", "A 0 0.5 1 0.5");
    check("sma(close / (close > 1), 2)", "A 2 1 6 8", "A 0 0 0 7");
    check("sma(5, 2)", "A 1 1 1", "A 0 5 5");
    check("sma(9)", "A 1 2 3 4 5 6 7 8 9 19", "A 0 0 0 0 0 0 0 0 5 7");
}

#[test]
fn sma_needs_its_window_under_sound() {
    given("A 1 2 6 7 | B - - 2 4").sound().decides("sma(2)", "A 0 1.5 4 6.5 | B 0 0 0 3");
    given("A 1 1 1 | B - 1 1").sound().decides("equal(sma(2) > 0)", "A 0 1 1/2 | B 0 0 1/2");
    given("A 1 1 1 | B - 1 1").decides("equal(sma(2) > 0)", "A 0 1/2 1/2 | B 0 1/2 1/2");
    given("A 1 1 1 | B - 1 1").sound().decides("sma(5, 2)", "A 0 5 5 | B 0 0 5");
}

#[test]
fn ema_starts_with_the_first_value_and_passes_over_absent_ones() {
    check("ema(3)", "A 4 8 8 2 | B - - 8 4", "A 0 0 7 4.5 | B 0 0 8 6");
    check("ema(close / (close > 1), 3)", "A 4 1 8 1 2", "A 0 0 6 0 4");
    check("ema(close / (close > 1), 3)", "A 1 1 8 1 2", "A 0 0 8 0 5");
}

#[test]
fn ema_needs_as_many_values_as_its_window_under_sound() {
    given("A 4 8 8 2 | B - - 8 4").sound().decides("ema(2)", "A 0 20/3 68/9 104/27 | B 0 0 0 16/3");
}

#[test]
fn volatility_is_the_population_deviation_of_a_year() {
    // Returns 0.5 and 0: each 0.25 from their mean.
    check("volatility(2)", "A 4 6 6 9 | B - - 7 7", "A 0 0 3.968626966596886 3.968626966596886 | B 0 0 0 0");
    check("share(1 / volatility(2))", "A 4 6 6 9 | B - - 7 7", "A 0 0 1 1 | B 0 0 0 0");
    check("volatility(2) == 0", "A 4 6 6 9 | B - - 7 7", "A 0 1 0 0 | B 0 0 1 1");
    given("A 4 6 6 9").sound().decides("volatility(2) >= 0", "A 0 0 1 1");
    given("A 4 6 6 9").decides("volatility(2) >= 0", "A 0 1 1 1");
}

#[test]
fn stdev_is_the_sample_deviation_of_a_full_window() {
    let prices = "A 1 2 3 5 | B - - 2 4";
    check("stdev(close, 3)", prices, "A 0 0 1 1.5275252316519468 | B 0 0 0 0");
    check(
        "stdev(close, 2) * (sma(3) > 0)",
        prices,
        "A 0 0 0.7071067811865476 1.4142135623730951 | B 0 0 0 1.4142135623730951",
    );
}

#[test]
fn zscore_is_absent_without_deviation() {
    check("zscore(close, 3)", "A 1 2 3 5 | B - - 2 4", "A 0 0 1 1.091089451179962 | B 0 0 0 0");
    check("zscore(close, 2) == zscore(close, 2)", "A 1 1 3 3", "A 0 0 1 0");
}

#[test]
fn equal_values_have_no_deviation_however_their_mean_is_rounded() {
    let prices = "A 0.1 0.1 0.1 0.2";
    check("sma(3) != close", prices, "A 0 0 1 1");
    check("stdev(close, 3) == 0", prices, "A 0 0 1 0");
    check("zscore(close, 3) == zscore(close, 3)", prices, "A 0 0 0 1");
}

#[test]
fn highest_and_lowest_include_today_and_need_their_window() {
    let prices = "A 3 1 2 | B - 5 4";
    check("highest(close, 2)", prices, "A 0 3 2 | B 0 0 5");
    check("lowest(close, 2)", prices, "A 0 1 1 | B 0 0 4");
    check("close > lag(highest(high, 2), 1)", "A 3 1 2 4 3", "A 0 0 0 1 0");
    check("highest(close / (close > 1), 2)", "A 3 1 2 4", "A 0 0 0 4");
}

#[test]
fn rsi_smooths_gains_and_losses_after_wilder() {
    check("rsi(2)", "A 10 12 11 11 14", "A 0 0 200/3 200/3 280/3");
    check("rsi(2)", "A 5 5 5 | B - 5 6", "A 0 0 50 | B 0 0 0");
    check("rsi(1)", "A 5 6 5", "A 0 100 0");
    // The day without a value is passed over: 10 to 12, then 12 to 11.
    check("rsi(close / (close > 1), 2)", "A 10 12 1 11", "A 0 0 0 200/3");
}

#[test]
fn atr_averages_true_ranges_after_wilder() {
    let prices = "A 9/12/8/10 10/11/9/10 14/15/13/14 | B - 9/12/8/10 4/5/3/4";
    check("atr(2)", prices, "A 0 3 4 | B 0 0 5.5");
    check("atr(1)", prices, "A 4 2 5 | B 0 4 7");
    check("atr(3)", prices, "A 0 0 11/3 | B 0 0 0");
}

#[test]
fn hold_lasts_from_enter_to_exit() {
    check("hold(close > 5, close < 3)", "A 4 6 4 2 6", "A 0 1 1 0 1");
    check("hold(close > 5, close > 7)", "A 8 6 8 6", "A 0 1 0 1");
    check("hold(lag(close, 1) > 5, lag(close, 1) < 3)", "A 6 4 2 4 4", "A 0 1 1 0 0");
    check("hold(count() > 0, close < 3)", "A 4 4 | B - 4", "A 1 1 | B 0 1");
}

#[test]
fn hold_runs_at_every_close_whatever_the_schedule_and_the_gate() {
    let prices = "A 4 6 4 4 4 4 4 2 4 4";
    given(prices).schedule(Schedule::Weekly(Weekday::Fri)).decides("hold(close > 5, close < 3)", "A 1 0");
    check("hold(close > 5, close < 3) * (sma(3) > 0)", "A 6 4 4", "A 0 0 1");
    given(prices).burn_in(2).decides("hold(close > 5, close < 3)", "A 1 1 1 1 1 0 0 0");
}

#[test]
fn operators_over_time_nest() {
    check("sma(lag(close, 1), 2)", "A 1 2 3 4", "A 0 0 1.5 2.5");
    check("sma(momentum(1), 2)", "A 4 5 10 5", "A 0 0 0.625 0.25");
    check("highest(rank(close), 2)", "A 1 2 3 | B 2 1 4", "A 0 2 2 | B 0 2 2");
    given("A 4 5 10 5").sound().decides("sma(momentum(1), 2)", "A 0 0 0.625 0.25");
}

#[test]
fn signals_that_differ_in_one_thing_are_kept_apart() {
    for (formula, value) in [
        ("sma(fixed(A = 1), 2) + sma(fixed(A = 2), 2)", "3"),
        ("sma(fixed(A = 1), 2) + sma(fixed(A = 1, B = 2), 2)", "2"),
        ("sma(2) + sma(open, 2)", "12"),
        ("sma(2) + sma(-close, 2)", "0"),
        ("sma(2) + sma(2 * close, 2)", "27"),
        ("sma(close + 1, 2) + sma(close + 2, 2)", "21"),
        ("sma(top(close, 1), 2) + sma(top(close, 2), 2)", "1/2"),
        ("sma(top(close, 1), 2) + sma(bottom(close, 1), 2)", "1"),
        ("sma(of(\"B\", close), 2) + sma(of(\"A\", close), 2)", "37"),
        ("sma(min(close, 1), 2) + sma(max(close, 1), 2)", "10"),
        ("sma(clip(close, 1, 2), 2) + sma(if(close, 1, 2), 2)", "3"),
        ("sma(sma(1), 2) + sma(ema(1), 2)", "18"),
        ("hold(close > 1, 0) - hold(0, close > 1)", "1"),
    ] {
        given("A 3/9/3/9 3/9/3/9 3/9/3/9 | B 28/28/28/28 28/28/28/28 28/28/28/28")
            .schedule(Schedule::Weekly(Weekday::Wed))
            .has(formula, "A", value);
    }
}

#[test]
fn top_and_bottom_break_ties_in_universe_order() {
    let prices = "A 1 1 | B 2 2 | C 1 3";
    check("top(close, 2)", prices, "A 1/2 0 | B 1/2 1/2 | C 0 1/2");
    check("bottom(close, 1)", prices, "A 1 1");
    check("bottom(close, 2)", prices, "A 1/2 1/2 | B 0 1/2 | C 1/2 0");
    check("top(close, 5)", prices, "A 0.2 0.2 | B 0.2 0.2 | C 0.2 0.2");
    check("top(2, 1)", "C 1 | B 2 | A 3", "C 1");
}

#[test]
fn late_joiners_stand_at_the_end_of_the_universe() {
    check("top(close, 1)", "B - 5 | A 5 5", "A 1 1");
    given("B 5 5 5 | A 5 5 5 | C 5 5 5").entry("B", 2).entry("A", 1).decides("top(close, 1)", "C 1 1 1");
    given("B 5 5 5 | A 5 5 5 | C 6 6 6")
        .entry("B", 2)
        .entry("A", 1)
        .decides("bottom(close, 1)", "C 1 0 0 | A 0 1 1");
}

#[test]
fn members_without_a_value_are_never_chosen() {
    check("top(lag(1), 1)", "A 1 1 | B - 9", "A 0 1");
    check("bottom(lag(1), 2)", "A 1 1 | B - 9", "A 0 1/2");
}

#[test]
fn equal_divides_by_the_number_chosen() {
    check("equal(close > 1)", "A 1 1 2 | B 1 2 2", "A 0 0 1/2 | B 0 1 1/2");
    check("equal(close)", "A 1 | B 1 | C 1", "A 1/3 | B 1/3 | C 1/3");
    check("equal(close - 1)", "A 1 1 | B 1 0.5", "B 0 1");
}

#[test]
fn share_divides_by_the_sum_of_the_values_there_are() {
    check("share(close)", "A 1 3 | B 3 1", "A 1/4 3/4 | B 3/4 1/4");
    check("share(close - 2)", "A 1 3 | B 3 1", "A 0 0");
    check("share(lag(1))", "A 1 3 1 | B - 3 1", "A 0 1 1/2 | B 0 0 1/2");
    check("share(close - 2)", "A 1 | B 5", "A -1/2 | B 3/2");
    // Twice 1.6e308 is too large a sum.
    check("share(8e307 * close) >= 0", "A 1 2 | B 1 2", "A 1 0 | B 1 0");
}

#[test]
fn share_adds_in_the_order_of_the_universe_whoever_joins_late() {
    let x = "share(if(close > 5, 1e16, if(close > 3, 1, -1e16)))";
    check(x, "B 4 4 | A 9 9 | C 1 1", "A 0 0");
    check(x, "A 9 9 | C 1 1 | B 4 4", "A 1e16 1e16 | C -1e16 -1e16 | B 1 1");
    check(x, "A - 9 | C 1 1 | B 4 4", "A 0 1e16 | C 1 -1e16 | B -1e-16 1");
}

#[test]
fn ties_share_the_mean_of_their_ranks() {
    check("rank(close)", "A 5 | B 7 | C 5 | D 1", "A 2.5 | B 1 | C 2.5 | D 4");
    check("rank(2)", "A 5 | B 7 | C 5", "A 2 | B 2 | C 2");
    check("rank(lag(1))", "A 5 5 5 | B 7 7 7 | C - 9 9", "A 0 2 3 | B 0 1 2 | C 0 0 1");
}

#[test]
fn demean_takes_the_mean_of_the_values_there_are() {
    check("demean(close)", "A 1 | B 2 | C 6", "A -2 | B -1 | C 3");
    check("demean(lag(1))", "A 5 5 5 | B 7 7 7 | C - 9 9", "A 0 -1 -2 | B 0 1 0 | C 0 0 2");
}

#[test]
fn count_is_the_number_of_members() {
    check("count()", "A 1 1 | B - 1", "A 1 2 | B 0 2");
    check("1 / count()", "A 1 1 | B - 1 | (S) 1 1", "A 1 1/2 | B 0 1/2");
}

#[test]
fn all_bars_are_read_whenever_an_asset_joins() {
    let given = || given("A 1 1 1 | B 2 4 6 | (S) - 8 9").entry("B", 2).all_bars();
    given().decides("sma(2)", "A 0 1 1 | B 0 0 5");
    given().decides("lag(of(\"A\", close), 1)", "A 0 1 1 | B 0 0 1");
    given().decides("lag(count(), 1)", "A 0 1 1 | B 0 0 0");
    given().decides("fixed(B = 0.5) * (close > 2)", "B 0 0.5 0.5");
    given().decides("(fixed(S = 0.5) or 0) * of(\"A\", close)", "A 0 0 0 | S 0 1 1");
}

#[test]
fn of_is_the_value_of_another_asset_for_every_member() {
    check("close > of(\"S\", close)", "A 3 3 | B 1 5 | (S) 2 4", "A 1 0 | B 0 1");
    check("of(\"S\", sma(2))", "A 1 1 1 | B - 1 1 | (S) 2 4 6", "A 0 3 5 | B 0 3 5");
    check("of(\"S\", close)", "A 1 1 1 | (S) - 2 3", "A 0 2 3");
    check("of(\"B\", close)", "A 1 1 1 | B - 2 3", "A 0 2 3 | B 0 2 3");
    check("of(\"^S.X\", close)", "A 1 | (^S.X) 2", "A 2");
    check("fixed(A = 1, S = 1) * of(\"A\", close)", "A 3 | (S) 2", "A 3 | S 0");
}

#[test]
fn the_days_of_an_asset_start_when_it_joins_for_of_too() {
    let prices = "A 1 1 1 | B - 1 1 | (S) 5 6 7";
    check("lag(of(\"S\", close), 1)", prices, "A 0 5 6 | B 0 0 6");
    check("sma(of(\"S\", close), 2)", prices, "A 0 5.5 6.5 | B 0 6 6.5");
    given("A 1 1 1 | B 5 6 7").entry("B", 1).decides("of(\"B\", sma(2))", "A 0 6 6.5 | B 0 6 6.5");
}

#[test]
fn fixed_gives_weights_to_the_assets_it_names() {
    check("fixed(A = 0.6, S = -0.4)", "A 1 1 | B 1 1 | (S) 1 1", "A 0.6 0.6 | S -0.4 -0.4");
    check("fixed(\"S.X\" = 1, A = 2) * close", "A 1 3 | B 1 1 | (S.X) 2 2", "A 2 6 | S.X 2 2");
    given("A 1 1").parameter("w", "0.25").decides("fixed(A = w)", "A 0.25 0.25");
    given("A 1 1 1 | B 1 1 1").entry("B", 2).decides("fixed(B = 1)", "B 1 1 1");
    check("fill(fixed(A = 1), 0) + fill(fixed(B = 2), 0)", "A 1 | B 1", "A 1 | B 2");
    refused(&given("A 1 | B 1").formula("fixed(A = 1) + fixed(B = 1)"));
    check("fixed(S = 1) * (sma(2) > 2)", "A 1 1 1 | (S) 1 5 5", "S 0 1 1");
    check("fixed(S = 1) * count()", "A 1 1 | (S) 1 5", "S 0 0");
}

#[test]
fn a_weight_for_an_asset_without_a_price_stops_the_run() {
    let stops = compare(&given("A 1 1 1 | (S) - 1 1").formula("fixed(S = 1)"));
    assert_eq!(stops.map(|seen| seen.refusals), Ok(1));
}

#[test]
fn operators_bind_as_mathematics_has_it() {
    for (formula, value) in [
        ("-2 ^ 2", "-4"),
        ("(-2) ^ 2", "4"),
        ("2 ^ 3 ^ 2", "512"),
        ("(2 ^ 3) ^ 2", "64"),
        ("2 * 3 ^ 2", "18"),
        ("2 ^ -1", "0.5"),
        ("2 ^ -2 ^ 2", "0.0625"),
        ("2 * -3 ^ 2", "-18"),
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("8 - 4 - 2", "2"),
        ("8 / 4 / 2", "1"),
        ("8 / 4 * 2", "4"),
        ("-2 * -3", "6"),
        ("2 - -3", "5"),
        ("- 2 + 3", "1"),
        ("1 + 1 > 1", "1"),
        ("2 * 3 == 6", "1"),
        ("not 0 and 0", "0"),
        ("not (0 and 0)", "1"),
        ("not 0 == 1", "1"),
        ("(not 0) == 1", "1"),
        ("not not 2", "1"),
        ("1 or 1 and 0", "1"),
        ("(1 or 1) and 0", "0"),
        ("0 and 0 or 1", "1"),
        ("not 1 or 1", "1"),
        ("1 < 2 and 2 < 3", "1"),
        ("1e-3", "0.001"),
        ("2.5E2", "250"),
        ("1e3-1", "999"),
    ] {
        check(formula, "A 1", &format!("A {value}"));
    }
}

#[test]
fn a_number_is_the_weight_of_every_member() {
    given("A 1 1 | B - 1 | C 1 1 | (S) 1 1").entry("C", 1).decides("0.5", "A 0.5 0.5 | B 0 0.5 | C 0 0.5");
}

#[test]
fn comparisons_are_zero_or_one() {
    let prices = "A 1 2 3";
    check("close < 2", prices, "A 1 0 0");
    check("close <= 2", prices, "A 1 1 0");
    check("close > 2", prices, "A 0 0 1");
    check("close >= 2", prices, "A 0 1 1");
    check("close == 2", prices, "A 0 1 0");
    check("close != 2", prices, "A 1 0 1");
    check("(close > 1) + (close > 2)", prices, "A 0 1 2");
}

#[test]
fn what_has_no_value_is_absent() {
    for formula in [
        "1 / (close - 1)",
        "0 / (close - 1)",
        "log(close - 1)",
        "log(close - 2)",
        "sqrt(close - 2)",
        "exp(close * 1000)",
        "(close * 1e300) * 1e300",
        "(close - 2) ^ 0.5",
        "(close - 1) ^ (-close)",
    ] {
        check(formula, "A 1", "A 0");
        // A present value equals itself.
        check(&format!("{formula} == {formula} or 0 > 1"), "A 1", "A 0");
    }
    check("exp(-close * 1000) == 0", "A 1", "A 1");
}

#[test]
fn absence_goes_through_operators() {
    let absent = "(1 / (close - 1))";
    for formula in [
        "X + 1",
        "0 * X",
        "X ^ 0",
        "-X",
        "not X",
        "X > 1",
        "X < 1",
        "X == 1",
        "X != 1",
        "abs(X)",
        "sign(X)",
        "exp(X)",
        "min(1, X)",
        "max(X, 1)",
        "clip(X, 1, 2)",
        "clip(1, X, 2)",
        "clip(1, 0, X)",
        "if(X, 1, 2)",
        "if(1, X, 2)",
        "X and 1",
        "X or 0",
        "rank(X)",
        "demean(X)",
        "share(X)",
        "top(X, 1)",
        "equal(X)",
        "lag(X, 1)",
    ] {
        check(&formula.replace('X', absent), "A 1 1", "A 0 0");
    }
    for formula in ["X or 1", "not (X and 1)", "if(1, 1, X)", "if(0, X, 1)", "not (X or 0)"] {
        check(&formula.replace('X', absent), "A 1 1", "A 1 1");
    }
}

#[test]
fn a_condition_that_needs_no_value_still_waits_for_its_asset() {
    check("close or 1", "A 1 1 1 | B - 1 1", "A 1 1 1 | B 0 1 1");
    check("not (close and 1)", "A 1 1 1 | B - 1 1", "A 0 0 0 | B 0 0 0");
    given("A 1 1 1 | B 1 1 1").entry("B", 2).decides("close or 1", "A 1 1 1 | B 0 0 1");
    given("A 1 1 1 | B 1 1 1").entry("B", 2).decides("lag(close or 1, 1)", "A 0 1 1 | B 0 0 0");
    given("A 1 1 1 | B 1 1 1").entry("B", 1).decides("fixed(B = 2) or 0", "A 0 0 0 | B 1 1 1");
}

#[test]
fn conditions_are_true_where_present_and_not_zero() {
    check("if(close - 2, 3, 4)", "A 1 2", "A 3 4");
    check("close - 2 and close", "A 1 2", "A 1 0");
    check("close - 2 or close - 1", "A 1 2", "A 1 1");
    check("not (close - 2)", "A 1 2", "A 0 1");
}

#[test]
fn functions_of_numbers() {
    let prices = "A 1 4 9";
    check("min(close, 5, 6)", prices, "A 1 4 5");
    check("max(close, 2)", prices, "A 2 4 9");
    check("abs(close - 4)", prices, "A 3 0 5");
    check("sign(close - 4)", prices, "A -1 0 1");
    check("sqrt(close)", prices, "A 1 2 3");
    check("log(close)", prices, "A 0 1.3862943611198906 2.1972245773362196");
    check("exp(close - 4)", prices, "A 0.049787068367863944 1 148.4131591025766");
    check("clip(close, 2, 8)", prices, "A 2 4 8");
    check("clip(close, 8, 2)", prices, "A 2 2 2");
    check("close ^ 0.5", prices, "A 1 2 3");
    check("close ^ 2", prices, "A 1 16 81");
    check("if(close > 3, close, -close)", prices, "A -1 4 9");
    check("sqrt(log(close))", "A 1", "A 0");
}

#[test]
fn a_window_is_arithmetic_over_whole_numbers() {
    let given = given("A 1 2 6 7").parameter("n", "2").parameter("m", "2.0");
    for n in ["2", "2.0", "n", "m", "n * 1", "n + m - 2", "4 / n", "(1 + 1)"] {
        given.decides(&format!("sma({n})"), "A 0 1.5 4 6.5");
    }
    given.decides("top(close, n)", "A 1/2 1/2 1/2 1/2");
}

#[test]
fn formulas_without_meaning_are_refused() {
    for formula in [
        "1 < 2 < 3",
        "1 == 1 == 1",
        "sma(0)",
        "sma(-1)",
        "sma(2.5)",
        "sma(1 / 0)",
        "sma(1000001)",
        "sma(close)",
        "stdev(close, 1)",
        "zscore(close, 1)",
        "top(close, 0)",
        "top(close)",
        "min(1)",
        "count(1)",
        "hold(1)",
        "fixed()",
        "fixed(A = close)",
        "of(\"A\")",
        "nothing(1)",
        "nothing",
        "close close",
        "close +",
        "(close",
        "",
        "\"A\"",
        "not",
        "1 +* 2",
    ] {
        refuses(formula);
    }
}

#[test]
fn the_gate_opens_with_the_largest_total_of_nested_windows() {
    let prices = "A 1 1 1 1 1 1";
    check("sma(2) + sma(3)", prices, "A 0 0 2 2 2 2");
    check("1 + 0 * sma(ema(2), 3)", prices, "A 0 0 0 0 1 1");
    check("sma(sma(2), 2) + sma(3)", prices, "A 0 0 0 2 2 2");
    check("top(close, 5)", prices, "A 0.2 0.2 0.2 0.2 0.2 0.2");
    check("of(\"A\", sma(3)) + close", prices, "A 0 0 2 2 2 2");
    check("hold(sma(3) > 0, 0)", prices, "A 0 0 1 1 1 1");
    check("fixed(A = 1) * (sma(3) > 0)", prices, "A 0 0 1 1 1 1");
    check("atr(2) + 1", prices, "A 0 1 1 1 1 1");
    check("rsi(2) == rsi(2) or 1", prices, "A 0 1 1 1 1 1");
}

#[test]
fn a_window_longer_than_history_gives_nothing() {
    let prices = given("A 1 2 3");
    for formula in [
        "sma(1000000)",
        "highest(1000000)",
        "lag(1000000)",
        "rsi(4)",
        "sma(sma(sma(1000000), 1000000), 1000000)",
    ] {
        prices.decides(formula, "A 0 0 0");
    }
    prices.sound().decides("momentum(3) + volatility(3) + ema(4) + atr(4)", "A 0 0 0");
}

#[test]
fn no_gate_stands_under_sound() {
    given("A 1 1 1").sound().decides("(sma(2) > 0) or 1", "A 1 1 1");
    given("A 1 1 1").sound().decides("if(momentum(2) == 0 or 0, 1, -1)", "A -1 -1 1");
}

#[test]
fn a_decision_at_the_first_open_knows_only_that_open() {
    let given = given("A 2/5/1/3 4/4/4/4 | B 3/3/3/3 3/3/3/3").schedule(Schedule::BuyAndHold);
    given.decides("open", "A 2 | B 3");
    given.decides("close", "A 0 | B 0");
    given.decides("volume + high + low", "A 0 | B 0");
    given.decides("1 / count()", "A 1/2 | B 1/2");
    given.decides("top(open, 1)", "B 1");
    given.decides("sma(1)", "A 0 | B 0");
    given.decides("fixed(A = 0.6, B = 0.4)", "A 0.6 | B 0.4");
    given.decides("of(\"B\", open)", "A 3 | B 3");
}

#[test]
fn the_month_ends_on_its_last_weekday() {
    let prices = format!("A{}", (1..=24).map(|day| format!(" {day}")).collect::<String>());
    given(&prices).schedule(Schedule::EndOfMonth).decides("close", "A 23");
}
