//! How many rows make a year, by their dates.

/// Rows of a year where nothing says how many there are: days of trading.
pub(crate) const TRADING_DAYS: f64 = 252.0;
/// Numbers that rows of a year are rounded to, with the range for each.
const USUAL: [(f64, f64, f64); 5] = [
    (365.0, 340.0, 370.0),
    (TRADING_DAYS, 225.0, 275.0),
    (52.0, 48.0, 55.0),
    (12.0, 11.0, 13.0),
    (4.0, 3.7, 4.3),
];

/// The rows of a year, from the days on which they are, counted from any day; a usual number if it is near one.
pub(crate) fn rows_of_year(days: &[i64]) -> f64 {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return TRADING_DAYS };
    let rows = (days.len() - 1) as f64 * 365.25 / (last - first) as f64;
    if !rows.is_finite() || rows == 0.0 {
        return TRADING_DAYS;
    }
    let near = USUAL.iter().find(|(_, low, high)| (*low..=*high).contains(&rows));
    near.map_or(rows, |(usual, ..)| *usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_dates_say_how_many_rows_a_year_has() {
        let each =
            |step: i64, count: i64| rows_of_year(&(0..count).map(|row| row * step).collect::<Vec<_>>());
        assert_eq!([each(1, 100), each(7, 60), each(91, 60)], [365.0, 52.0, 4.0]);
        let weekdays: Vec<i64> = (0..900).filter(|day| day % 7 < 5).collect();
        assert_eq!(rows_of_year(&weekdays), 252.0);
        let months: Vec<i64> = (0..60).map(|month| month * 304 / 10).collect();
        assert_eq!(rows_of_year(&months), 12.0);
        assert_eq!(each(10, 100), 36.525);
        assert_eq!([rows_of_year(&[]), rows_of_year(&[5]), rows_of_year(&[5, 5])], [252.0; 3]);
    }
}
