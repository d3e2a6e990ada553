//! The x axis of a chart over time, with ticks at years or months.

use maud::{Markup, html};

use super::{anchor, percent};
use crate::market::date::Date;

/// The most ticks on a wide page; a narrow one shows every second of them.
const TICKS_MOST: i32 = 11;

/// An axis from the first to the last date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeAxis {
    /// The date at the left.
    pub first: Date,
    /// The date at the right.
    pub last: Date,
}

impl TimeAxis {
    /// An axis from the earliest to the latest date; `None` without dates.
    pub(crate) fn from_dates(dates: impl Iterator<Item = Date> + Clone) -> Option<TimeAxis> {
        Some(TimeAxis { first: dates.clone().min()?, last: dates.max()? })
    }

    /// The x of a date as a share of the width: 0 at the left, 1 at the right.
    pub(crate) fn share(&self, date: Date) -> f64 {
        f64::from(date - self.first) / f64::from((self.last - self.first).max(1))
    }

    /// `count` dates at equal distances from the first to the last.
    pub(crate) fn samples(&self, count: usize) -> Vec<Date> {
        let span = i64::from(self.last - self.first);
        let last = count.saturating_sub(1).max(1) as i64;
        (0..count as i64).map(|i| Date(self.first.0 + (span * i / last) as i32)).collect()
    }

    /// The first days of years or months, each with its label.
    pub(crate) fn ticks(&self) -> Vec<(Date, String)> {
        let ((year, month, _), (last_year, last_month, _)) = (self.first.ymd(), self.last.ymd());
        let (first, last) = (year * 12 + month as i32 - 1, last_year * 12 + last_month as i32 - 1);
        let steps = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600];
        // Years are easier to read, so months appear only in a short span.
        let fits = |step: &i32| (last - first) / step < TICKS_MOST && (*step >= 12 || last - first < 30);
        let step = steps.into_iter().find(fits).unwrap_or(1200);
        (first..=last)
            .filter(|month| month % step == 0)
            .filter_map(|month| {
                let date = Date::from_ymd(month / 12, (month % 12) as u32 + 1, 1)?;
                let text = match step {
                    step if step >= 12 => format!("{}", month / 12),
                    _ => format!("{}-{:02}", month / 12, month % 12 + 1),
                };
                (date >= self.first).then_some((date, text))
            })
            .collect()
    }

    /// The ticks with their labels, `y` pixels from the top.
    pub(crate) fn draw(&self, y: f64) -> Markup {
        let ticks = self.ticks();
        html! {
            @for (index, (date, text)) in ticks.iter().enumerate() {
                @let share = self.share(*date);
                line.tick.wide[index % 2 == 1] x1=(percent(share)) x2=(percent(share)) y1=(y) y2=(y + 4.0) {}
                text.label.wide[index % 2 == 1] x=(percent(share)) y=(y + 17.0) text-anchor=(anchor(share)) { (text) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(first: &str, last: &str) -> Vec<String> {
        let date = |text: &str| Date::parse(text.as_bytes()).unwrap();
        let axis = TimeAxis { first: date(first), last: date(last) };
        axis.ticks().into_iter().map(|(_, text)| text).collect()
    }

    #[test]
    fn years_or_months_are_named() {
        assert_eq!(texts("2001-03-01", "2005-03-01"), ["2002", "2003", "2004", "2005"]);
        assert_eq!(texts("2001-03-02", "2001-06-01"), ["2001-04", "2001-05", "2001-06"]);
        assert_eq!(
            texts("1990-01-01", "2024-01-01"),
            ["1990", "1995", "2000", "2005", "2010", "2015", "2020"]
        );
        assert!(texts("2001-03-05", "2001-03-09").is_empty());
    }

    #[test]
    fn samples_reach_both_ends() {
        let axis = TimeAxis { first: Date(100), last: Date(200) };
        assert_eq!(axis.samples(3), [Date(100), Date(150), Date(200)]);
        assert_eq!((axis.share(Date(100)), axis.share(Date(200))), (0.0, 1.0));
        assert_eq!(TimeAxis { first: Date(7), last: Date(7) }.samples(1), [Date(7)]);
    }
}
