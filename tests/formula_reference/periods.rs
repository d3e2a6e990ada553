//! Days gathered into weeks and months, and what the calendar says of a day.

use chrono::{Datelike, NaiveDate};

use super::market::{Bar, Market, weekdays};

/// What a window counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Frame {
    Days,
    Weeks,
    Months,
}

impl Frame {
    /// Two dates of one period give the same pair.
    fn period(self, date: NaiveDate) -> (i32, u32) {
        match self {
            Frame::Days => (0, date.num_days_from_ce() as u32),
            Frame::Weeks => (date.iso_week().year(), date.iso_week().week()),
            Frame::Months => (date.year(), date.month()),
        }
    }

    /// How many of it are a year, for a yearly deviation.
    pub fn in_a_year(self) -> f64 {
        match self {
            Frame::Days => 252.0,
            Frame::Weeks => 52.0,
            Frame::Months => 12.0,
        }
    }

    /// How many days the depth of a formula counts for one of it.
    pub fn depth(self) -> usize {
        match self {
            Frame::Days => 1,
            Frame::Weeks => 5,
            Frame::Months => 23,
        }
    }
}

/// The number of the period of each day, from 0.
pub fn numbers(frame: Frame, days: &[NaiveDate]) -> Vec<usize> {
    let begins = |day: &usize| frame.period(days[*day]) != frame.period(days[*day - 1]);
    (0..days.len()).map(|day| (1..=day).filter(begins).count()).collect()
}

impl Market {
    /// The number of the period in which a day lies, from 0.
    pub fn period_of(&self, frame: Frame, day: usize) -> usize {
        match frame {
            Frame::Days => day,
            Frame::Weeks => self.weeks[day],
            Frame::Months => self.months[day],
        }
    }

    /// The days of a period.
    fn days_of(&self, frame: Frame, number: usize) -> Vec<usize> {
        (0..self.days.len()).filter(|day| self.period_of(frame, *day) == number).collect()
    }

    pub fn last_day(&self, frame: Frame, number: usize) -> usize {
        if frame == Frame::Days {
            return number;
        }
        *self.days_of(frame, number).last().expect("a period has days")
    }

    /// Whether a day is the last of its period.
    fn ends_period(&self, frame: Frame, day: usize) -> bool {
        let own = frame.period(self.days[day]);
        match self.days.get(day + 1) {
            Some(next) => frame.period(*next) != own,
            None => {
                let after = self.days[day].iter_days().skip(1).take(31);
                !after.filter(|date| is_weekday(*date)).any(|date| frame.period(date) == own)
            }
        }
    }

    /// The last period that is complete at the close of a day.
    pub fn complete(&self, frame: Frame, day: usize) -> Option<usize> {
        let own = self.period_of(frame, day);
        if self.ends_period(frame, day) { Some(own) } else { own.checked_sub(1) }
    }

    /// What one asset did in a period, from its first day on.
    pub fn bar_of(&self, asset: usize, frame: Frame, number: usize) -> Option<Bar> {
        let asset = &self.assets[asset];
        if frame == Frame::Days {
            return asset.bar(number);
        }
        let days = self.days_of(frame, number);
        let mut bars = days.into_iter().filter_map(|day| asset.bar(day));
        let first = bars.next()?;
        Some(bars.fold(Bar { volume: 0.0 + first.volume, ..first }, |whole, bar| Bar {
            open: whole.open,
            high: if bar.high > whole.high { bar.high } else { whole.high },
            low: if bar.low < whole.low { bar.low } else { whole.low },
            close: bar.close,
            volume: whole.volume + bar.volume,
        }))
    }

    /// What a calendar function says of a day.
    pub fn calendar(&self, function: &str, day: usize) -> f64 {
        let date = self.days[day];
        let in_month = |other: &&NaiveDate| Frame::Months.period(**other) == Frame::Months.period(date);
        let number = match function {
            "year" => return f64::from(date.year()),
            "quarter" => date.month0() / 3 + 1,
            "month" => date.month(),
            "day" => date.day(),
            "weekday" => date.weekday().number_from_monday(),
            "session_of_month" => {
                let known = self.before.iter().chain(&self.days);
                known.filter(in_month).filter(|other| **other <= date).count() as u32
            }
            "sessions_left_in_month" => {
                let last = self.days[self.days.len() - 1];
                let to_come: Vec<NaiveDate> =
                    last.iter_days().skip(1).take(31).filter(|date| is_weekday(*date)).collect();
                let known = self.days.iter().chain(&to_come);
                known.filter(in_month).filter(|other| **other > date).count() as u32
            }
            _ => panic!("no calendar function {function}"),
        };
        f64::from(number)
    }
}

fn is_weekday(date: NaiveDate) -> bool {
    !weekdays(date, date).is_empty()
}
