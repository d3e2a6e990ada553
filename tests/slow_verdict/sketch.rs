//! Sketches of assets: which signs their turned sums have, year by year, and whether two assets move alike.

use std::collections::BTreeMap;
use std::fmt::Write;

use chrono::Datelike;

use super::figures::mean;
use super::flips::{bucket_sums, date, scales_of_dates, under_turned_signs};

/// "First day, last day", number of returns, 256 bits.
#[derive(Clone, Debug, PartialEq)]
pub struct Year {
    pub first: i64,
    pub last: i64,
    pub returns: usize,
    pub bits: Vec<bool>,
}

impl Year {
    /// "Bit b - 1 (of byte (b - 1) div 8, lowest first)": two hexadecimal digits a byte.
    pub fn hexadecimal(&self) -> String {
        let mut text = String::new();
        for byte in self.bits.chunks(8) {
            let mut number = 0;
            for (place, bit) in byte.iter().enumerate() {
                number += u8::from(*bit) << place;
            }
            write!(text, "{number:02x}").expect("a text grows");
        }
        text
    }
}

/// "Their returns less the year's mean, flipped (session scale); bit b - 1 is set where `u[b]` is above 0, b = 1..256."
fn year(days: &[i64], returns: &[f64]) -> Year {
    let middle = mean(returns);
    let about_mean: Vec<f64> = returns.iter().map(|value| value - middle).collect();
    let turned = under_turned_signs(&bucket_sums(&about_mean, &scales_of_dates(days)[0]));
    Year {
        first: days[0],
        last: days[days.len() - 1],
        returns: days.len(),
        bits: (1..=256).map(|turning| turned[turning] > 0.0).collect(),
    }
}

/// "An asset's own bars by calendar year, years of at least 200 returns."
pub fn sketches(days: &[i64], returns: &[f64]) -> BTreeMap<i32, Year> {
    let mut by_year: BTreeMap<i32, (Vec<i64>, Vec<f64>)> = BTreeMap::new();
    for session in 0..days.len() {
        let (days_of_year, returns_of_year) = by_year.entry(date(days[session]).year()).or_default();
        days_of_year.push(days[session]);
        returns_of_year.push(returns[session]);
    }
    by_year.retain(|_, (days, _)| days.len() >= 200);
    by_year.into_iter().map(|(number, (days, returns))| (number, year(&days, &returns))).collect()
}

/// "Over the years that both have with equal first day, last day and count, two at least, their bits differ in at
/// most 20 of 256 on average."
pub fn are_alike(one: &BTreeMap<i32, Year>, other: &BTreeMap<i32, Year>) -> bool {
    let (mut years, mut differing) = (0, 0);
    for (number, ours) in one {
        let Some(theirs) = other.get(number) else { continue };
        if (ours.first, ours.last, ours.returns) == (theirs.first, theirs.last, theirs.returns) {
            years += 1;
            differing += (0..256).filter(|place| ours.bits[*place] != theirs.bits[*place]).count();
        }
    }
    years >= 2 && differing <= 20 * years
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Year, are_alike};

    /// Years of an asset, each with so many bits that are set.
    fn asset(years: &[(i32, usize)]) -> BTreeMap<i32, Year> {
        let year = |set: usize| Year {
            first: 1,
            last: 365,
            returns: 250,
            bits: (0..256).map(|place| place < set).collect(),
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
        assert!(!are_alike(&still, &asset(&[(2011, 0), (2010, 0)])));
    }

    #[test]
    fn a_year_with_another_last_day_is_no_year_of_both() {
        let mut other = asset(&[(2011, 0), (2012, 0)]);
        assert!(are_alike(&other, &asset(&[(2011, 0), (2012, 0)])));
        other.get_mut(&2012).expect("a year").last = 364;
        assert!(!are_alike(&other, &asset(&[(2011, 0), (2012, 0)])));
    }
}
