//! The account book: turnover and costs of each fill and the exposure of each day, so that they can be summed over any part of
//! a backtest. Stores what the simulation reports and computes no turnover, cost or exposure itself.

use std::ops::RangeInclusive;

use super::account::Fill;
use super::journal::{Booking, Decision, Journal};
use super::marking::ExposureLanes;
use super::simulate::Outcome;

/// The bookings of one backtest.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct AccountBook {
    /// One booking per fill, in order of execution.
    bookings: Vec<Booking>,
    /// Interest that was booked, with the point of the curve that ends its day, in order.
    interest: Vec<(usize, f64)>,
    /// Gross positions over equity, one value per point of the curve.
    exposures: Vec<f64>,
}

impl AccountBook {
    /// Empties the book for another backtest.
    pub(crate) fn clear(&mut self) {
        self.bookings.clear();
        self.interest.clear();
        self.exposures.clear();
    }

    /// The sums over a range of points of the curve, at least one, as if the curve began and ended with them.
    ///
    /// A part begins at the close of its first point, so fills of that day do not belong to it, except at the first point of
    /// the whole curve. With `cash_points` 1 the curve begins with the initial cash, and a part with what its first point is
    /// worth: the day of that point is none of its days. Turnover and costs are added fill by fill. Exposure is added day by
    /// day within each stretch of days between two fills, then stretch by stretch; with `sums_by_day` in lanes by day.
    pub(crate) fn outcome(
        &self,
        points: RangeInclusive<usize>,
        cash_points: usize,
        sums_by_day: bool,
    ) -> Outcome {
        let (first, last) = points.into_inner();
        let mut outcome = Outcome::default();
        let mut summed = first + cash_points;
        let mut sum_until = |point: usize, exposure: &mut f64| {
            if point > summed {
                *exposure += self.exposures[summed..point].iter().fold(0.0, |sum, exposure| sum + exposure);
                summed = point;
            }
        };
        for booking in self.bookings.iter().take_while(|booking| booking.point <= last) {
            sum_until(booking.point, &mut outcome.exposure);
            if booking.point > first || first == 0 {
                outcome.fills += 1;
                outcome.turnover += booking.turnover;
                outcome.costs_paid += booking.costs;
            }
        }
        sum_until(last + 1, &mut outcome.exposure);
        if sums_by_day {
            let mut lanes = ExposureLanes::default();
            lanes.add_each(self.exposures[(first + cash_points).min(last + 1)..=last].iter().copied());
            outcome.exposure = lanes.sum();
        }
        let booked = self.interest.iter().filter(|(point, _)| first < *point && *point <= last);
        outcome.interest = booked.fold(0.0, |sum, (_, amount)| sum + amount);
        outcome.exposure /= (last + 1 - first - cash_points).max(1) as f64;
        outcome
    }
}

impl Journal for AccountBook {
    const LISTENS: bool = false;
    const KEEPS_BOOK: bool = true;

    fn decision(&mut self, _: Decision) {}

    fn fill(&mut self, _: Fill) {}

    fn booking(&mut self, booking: Booking) {
        self.bookings.push(booking);
    }

    fn interest(&mut self, point: usize, amount: f64) {
        self.interest.push((point, amount));
    }

    fn exposure(&mut self, exposure: f64) {
        self.exposures.push(exposure);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_counts_fills_after_its_first_close() {
        let mut book = AccountBook::default();
        for (point, turnover) in [(0, 1.0), (2, 2.0), (2, 4.0), (4, 8.0)] {
            book.booking(Booking { point, turnover, costs: 10.0 * turnover });
        }
        [0.5, 1.0, 0.0, 0.25, 2.0].into_iter().for_each(|exposure| book.exposure(exposure));
        let sums = |points| {
            let Outcome { fills, turnover, costs_paid, exposure, pending, .. } =
                book.outcome(points, 0, false);
            assert!(pending.is_empty());
            assert_eq!(costs_paid, 10.0 * turnover);
            (fills, turnover, exposure)
        };
        assert_eq!(sums(0..=4), (4, 15.0, 0.75));
        assert_eq!(sums(0..=0), (1, 1.0, 0.5), "the first open of the curve belongs to it");
        assert_eq!(sums(1..=2), (2, 6.0, 0.5));
        assert_eq!(sums(2..=3), (0, 0.0, 0.125), "fills at the first open of a part do not belong to it");
        assert_eq!(sums(4..=4), (0, 0.0, 2.0));
    }

    #[test]
    fn sums_by_day_do_not_know_where_fills_lie() {
        let exposure_of = |points: &[usize]| {
            let mut book = AccountBook::default();
            points.iter().for_each(|&point| book.booking(Booking { point, turnover: 1.0, costs: 0.0 }));
            [0.1, 0.3, 0.82, 0.2, 0.67, 0.5].into_iter().for_each(|exposure| book.exposure(exposure));
            book.outcome(1..=5, 0, true).exposure
        };
        assert_eq!(exposure_of(&[]), ((0.3 + 0.5) + 0.82 + (0.2 + 0.67)) / 5.0);
        assert_eq!([&[2][..], &[1, 3, 4]].map(exposure_of), [exposure_of(&[]); 2]);
    }

    #[test]
    fn a_part_that_begins_with_cash_has_a_day_less_than_points() {
        let mut book = AccountBook::default();
        for (point, turnover) in [(1, 1.0), (3, 2.0)] {
            book.booking(Booking { point, turnover, costs: 0.0 });
            book.interest(point, 10.0 * turnover);
        }
        [0.0, 1.0, 0.5, 0.25].into_iter().for_each(|exposure| book.exposure(exposure));
        let sums = |points| {
            let Outcome { fills, exposure, interest, .. } = book.outcome(points, 1, false);
            (fills, exposure, interest)
        };
        assert_eq!(sums(0..=2), (1, 0.75, 10.0));
        assert_eq!(sums(1..=3), (1, 0.375, 20.0), "the day of the first point belongs to the part before");
        assert_eq!(sums(2..=2), (0, 0.0, 0.0));
    }
}
