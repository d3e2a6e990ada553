//! Sums, averages and statistics of a few numbers, each by its definition.

pub fn larger(a: f64, b: f64) -> f64 {
    if a >= b { a } else { b }
}

pub fn smaller(a: f64, b: f64) -> f64 {
    if a <= b { a } else { b }
}

/// A number, or a limit that it exceeds; what is no number stays none.
pub fn at_most(limit: f64, x: f64) -> f64 {
    if x > limit { limit } else { x }
}

/// The sum in the order in which numpy adds: pairwise.
pub fn pairwise_sum(values: &[f64]) -> f64 {
    let n = values.len();
    if n < 8 {
        return left_sum(values);
    }
    if n > 128 {
        let (left, right) = values.split_at(n / 2 - n / 2 % 8);
        return pairwise_sum(left) + pairwise_sum(right);
    }
    let mut lanes = [0.0; 8];
    let eights = values.chunks_exact(8);
    let rest = eights.remainder();
    for eight in eights {
        for (lane, x) in lanes.iter_mut().zip(eight) {
            *lane += x;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    rest.iter().fold(((a + b) + (c + d)) + ((e + f) + (g + h)), |sum, x| sum + x)
}

/// The sum from left to right.
pub fn left_sum(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |sum, x| sum + x)
}

pub fn mean(values: &[f64]) -> f64 {
    pairwise_sum(values) / values.len() as f64
}

/// Whether all values are the same.
pub fn is_flat(values: &[f64]) -> bool {
    values.iter().all(|value| *value == values[0])
}

/// The sample deviation.
pub fn deviation(values: &[f64]) -> f64 {
    if is_flat(values) {
        return 0.0;
    }
    (sum_of_squares_about(values, mean(values)) / (values.len() as f64 - 1.0)).sqrt()
}

fn sum_of_squares_about(values: &[f64], mean: f64) -> f64 {
    let squares: Vec<f64> = values.iter().map(|x| (x - mean) * (x - mean)).collect();
    pairwise_sum(&squares)
}

/// The population deviation; 0 of nothing.
pub fn population_deviation(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    (sum_of_squares_about(values, mean(values)) / values.len() as f64).sqrt()
}

/// `x_i / x_{i-1} - 1`; None where one of them is no finite number.
pub fn daily_returns(values: &[f64]) -> Option<Vec<f64>> {
    values.windows(2).map(|pair| Some(pair[1] / pair[0] - 1.0).filter(|r| r.is_finite())).collect()
}

/// What returns make of 1, minus 1.
pub fn growth(returns: &[f64]) -> f64 {
    returns.iter().fold(1.0, |growth, r| growth * (1.0 + r)) - 1.0
}

/// An average that starts at a value and moves an n-th of the way to each later one: its whole path.
fn path(start: f64, later: &[f64], n: f64) -> Vec<f64> {
    let mut path = vec![start];
    for value in later {
        let average = path[path.len() - 1];
        path.push(average + (value - average) / n);
    }
    path
}

/// Wilder's average from the n-th value on, started with the mean of the first n added from the left.
pub fn wilder_from_left(values: &[f64], n: usize) -> Vec<f64> {
    let Some((first, later)) = values.split_at_checked(n) else { return vec![] };
    path(left_sum(first) / n as f64, later, n as f64)
}

/// The same with the first values added pairwise, and any number from 1 on as n.
pub fn wilder(values: &[f64], n: f64) -> Vec<f64> {
    let Some((first, later)) = values.split_at_checked(n.ceil() as usize) else { return vec![] };
    path(mean(first), later, n)
}

/// The value a fraction q of the way through the sorted values, between two of them on the line that joins them.
pub fn quantile(values: &[f64], q: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| a.partial_cmp(b).expect("absent values are no numbers"));
    let place = (sorted.len() as f64 - 1.0) * q;
    let below = place.floor();
    let index = below as usize;
    if place == below {
        sorted[index]
    } else {
        sorted[index] + (sorted[index + 1] - sorted[index]) * (place - below)
    }
}

/// The place of a value from below, ties sharing the mean place, over the number of values.
pub fn percent_rank(values: &[f64], own: f64) -> f64 {
    let below = values.iter().filter(|x| **x < own).count() as f64;
    let equal = values.iter().filter(|x| **x == own).count() as f64;
    (below + (equal + 1.0) / 2.0) / values.len() as f64
}

/// Deviations from the mean.
fn deviations(values: &[f64]) -> Vec<f64> {
    let mean = mean(values);
    values.iter().map(|x| x - mean).collect()
}

/// The mean of a power of the deviations.
fn moment(deviations: &[f64], power: usize) -> f64 {
    let powers: Vec<f64> = deviations.iter().map(|d| (1..power).fold(*d, |product, _| product * d)).collect();
    mean(&powers)
}

pub fn mean_absolute_deviation(values: &[f64]) -> f64 {
    if is_flat(values) {
        return 0.0;
    }
    let sizes: Vec<f64> = deviations(values).iter().map(|d| d.abs()).collect();
    mean(&sizes)
}

/// As pandas has it; None where all values are the same.
pub fn skew(values: &[f64]) -> Option<f64> {
    if is_flat(values) {
        return None;
    }
    let (k, d) = (values.len() as f64, deviations(values));
    let (m2, m3) = (moment(&d, 2), moment(&d, 3));
    Some((k * (k - 1.0)).sqrt() / (k - 2.0) * m3 / (m2 * m2.sqrt()))
}

/// As pandas has it; None where all values are the same.
pub fn kurtosis(values: &[f64]) -> Option<f64> {
    if is_flat(values) {
        return None;
    }
    let (k, d) = (values.len() as f64, deviations(values));
    let (m2, m4) = (moment(&d, 2), moment(&d, 4));
    let scale = (k - 1.0) / ((k - 2.0) * (k - 3.0));
    Some(scale * ((k + 1.0) * m4 / (m2 * m2) - 3.0 * (k - 1.0)))
}

/// The pairwise sum of products of deviations from given means.
pub fn sum_of_products(x: &[f64], mean_x: f64, y: &[f64], mean_y: f64) -> f64 {
    let products: Vec<f64> = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).collect();
    pairwise_sum(&products)
}

/// Sums of products of deviations of two series: xx, xy, yy.
#[derive(Debug, Clone, Copy, Default)]
pub struct Products {
    pub xx: f64,
    pub xy: f64,
    pub yy: f64,
}

impl Products {
    pub fn of_window(x: &[f64], y: &[f64]) -> Products {
        let (mx, my) = (mean(x), mean(y));
        Products {
            xx: sum_of_products(x, mx, x, mx),
            xy: sum_of_products(x, mx, y, my),
            yy: sum_of_products(y, my, y, my),
        }
    }

    /// By Welford's recursion.
    pub fn running(x: &[f64], y: &[f64]) -> Products {
        let (mut mx, mut my, mut sums) = (0.0, 0.0, Products::default());
        for (index, (x, y)) in x.iter().zip(y).enumerate() {
            let k = index as f64 + 1.0;
            let dx = x - mx;
            mx += dx / k;
            let dy = y - my;
            my += dy / k;
            sums.xy += dx * (y - my);
            sums.xx += dx * (x - mx);
            sums.yy += dy * (y - my);
        }
        sums
    }
}

/// Mean and sum of squared deviations by Welford's recursion.
pub fn running_moments(values: &[f64]) -> (f64, f64) {
    let (mut mean, mut squares) = (0.0, 0.0);
    for (index, x) in values.iter().enumerate() {
        let d = x - mean;
        mean += d / (index as f64 + 1.0);
        squares += d * (x - mean);
    }
    (mean, squares)
}

/// The line of least squares through values at whole places.
#[derive(Debug, Clone, Copy)]
pub struct Line {
    pub slope: f64,
    pub mean_place: f64,
    pub mean: f64,
    pub rsquare: f64,
}

impl Line {
    /// None where all values are the same.
    pub fn through(places: &[f64], values: &[f64]) -> Option<Line> {
        if is_flat(values) {
            return None;
        }
        let k = places.len() as f64;
        let (mean_place, mean) = (mean(places), mean(values));
        let across = sum_of_products(places, mean_place, values, mean);
        let no_gap = places[places.len() - 1] - places[0] + 1.0 == k;
        let of_places = if no_gap {
            k * (k * k - 1.0) / 12.0
        } else {
            sum_of_products(places, mean_place, places, mean_place)
        };
        let of_values = sum_of_products(values, mean, values, mean);
        Some(Line {
            slope: across / of_places,
            mean_place,
            mean,
            // Squares may be too large or too small for a number: then it is none, and not 1.
            rsquare: at_most(1.0, across * across / (of_places * of_values)),
        })
    }
}

/// The average of present values whose speed follows how straight they went.
pub fn kama(values: &[f64], n: usize, fast: f64, slow: f64) -> Option<f64> {
    values.get(n)?;
    let (fast, slow) = (2.0 / (fast + 1.0), 2.0 / (slow + 1.0));
    let mut average = values[n - 1];
    for index in n..values.len() {
        let changes: Vec<f64> =
            values[index - n..=index].windows(2).map(|pair| (pair[1] - pair[0]).abs()).collect();
        let way = pairwise_sum(&changes);
        let straight = (values[index] - values[index - n]).abs();
        let efficiency = if way == 0.0 { 1.0 } else { at_most(1.0, straight / way) };
        let c = efficiency * (fast - slow) + slow;
        average += (values[index] - average) * (c * c);
    }
    Some(average)
}
