//! Whether two assets move alike, from a few hundred bits a year: two funds on one index do, whatever they are called.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};

use super::flips::{Turned, bucket};

/// Fewer returns than this are no year.
const RETURNS_LEAST: usize = 200;
/// Bits of a year.
const BITS: usize = 256;
/// Assets whose bits differ in more than this many on average are not alike.
const APART_MOST: usize = 20;
/// Fewer years of both than this do not tell.
const YEARS_LEAST: usize = 2;

/// A year of an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Year {
    /// The day of its first return, counted from 1970-01-01.
    pub first: i64,
    /// The day of its last return.
    pub last: i64,
    /// Number of returns.
    pub returns: usize,
    /// Which of the sums under turned signs are above 0, lowest bit first.
    pub bits: [u8; BITS / 8],
}

/// The years of an asset from the days and values of its own returns, in order of time.
pub(crate) fn sketch(days: &[i64], returns: &[f64]) -> BTreeMap<i32, Year> {
    let year_of = |day: i64| {
        let date = i32::try_from(day).ok().and_then(NaiveDate::from_epoch_days);
        date.map_or(0, |date| date.year())
    };
    let mut years = BTreeMap::new();
    let mut turned = Turned::new();
    let mut start = 0;
    while start < days.len() {
        let year = year_of(days[start]);
        let count = days[start..].iter().take_while(|day| year_of(**day) == year).count();
        let range = start..start + count;
        if count >= RETURNS_LEAST {
            years.insert(year, Year::new(&days[range.clone()], &returns[range], &mut turned));
        }
        start += count;
    }
    years
}

impl Year {
    fn new(days: &[i64], returns: &[f64], turned: &mut Turned) -> Year {
        let mean = returns.iter().sum::<f64>() / returns.len() as f64;
        turned.turn(days.iter().zip(returns).map(|(day, x)| (x - mean, bucket(0, *day))));
        let mut bits = [0; BITS / 8];
        for (place, sum) in turned.sums[1..=BITS].iter().enumerate() {
            bits[place / 8] |= u8::from(*sum > 0.0) << (place % 8);
        }
        Year { first: days[0], last: days[days.len() - 1], returns: returns.len(), bits }
    }

    /// Whether it has the same days as far as is known.
    fn is_of_days_of(&self, other: &Year) -> bool {
        (self.first, self.last, self.returns) == (other.first, other.last, other.returns)
    }
}

/// Whether two assets move alike: over the years of both with the same days.
pub(crate) fn are_alike(one: &BTreeMap<i32, Year>, other: &BTreeMap<i32, Year>) -> bool {
    let both = one.iter().filter_map(|(year, one)| other.get(year).map(|other| (one, other)));
    let (mut years, mut apart) = (0, 0);
    for (one, other) in both.filter(|(one, other)| one.is_of_days_of(other)) {
        years += 1;
        apart += one.bits.iter().zip(&other.bits).map(|(a, b)| (a ^ b).count_ones() as usize).sum::<usize>();
    }
    years >= YEARS_LEAST && apart <= APART_MOST * years
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asset(years: &[(i32, usize)]) -> BTreeMap<i32, Year> {
        let year = |set: usize| {
            let mut bits = [0; BITS / 8];
            (0..set).for_each(|place| bits[place / 8] |= 1 << (place % 8));
            Year { first: 1, last: 365, returns: 250, bits }
        };
        years.iter().map(|(number, set)| (*number, year(*set))).collect()
    }

    #[test]
    fn two_years_with_twenty_bits_apart_are_alike() {
        let still = asset(&[(2011, 0), (2012, 0), (2013, 0)]);
        assert!(are_alike(&still, &asset(&[(2011, 20), (2012, 20)])));
        assert!(are_alike(&still, &asset(&[(2011, 40), (2012, 0)])));
        assert!(!are_alike(&still, &asset(&[(2011, 41), (2012, 0)])));
        assert!(!are_alike(&still, &asset(&[(2011, 0)])));
        let mut other = asset(&[(2011, 0), (2012, 0)]);
        other.get_mut(&2012).unwrap().last = 364;
        assert!(!are_alike(&still, &other));
    }

    #[test]
    fn a_year_needs_two_hundred_returns() {
        let days: Vec<i64> = (0..365 + 199).collect();
        let returns: Vec<f64> = days.iter().map(|day| (day * 37 % 11) as f64 / 100.0).collect();
        let years = sketch(&days, &returns);
        assert_eq!(years.keys().copied().collect::<Vec<_>>(), [1970]);
        assert_eq!((years[&1970].first, years[&1970].last, years[&1970].returns), (0, 364, 365));
    }
}
