//! The order of the events of a backtest. Knows days and phases, nothing of weights, orders or money.
//!
//! The agenda is not a queue. Each kind of event has one slot, which holds the moment of its next event: the orders that are
//! filled next, and the next payouts. The earlier of the two is kept as one number, so that one comparison per decision tells
//! whether another event comes first. What happens every day (interest) is not an event, or every day would end a stretch of
//! days without trades: it goes into the daily cash of the stretch ([`super::marking::Cash`]).

use std::ops::Range;

use super::stage::Payout;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;

/// The open or the close of a day. Moments are numbered consecutively, so that they compare as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u32);

impl Moment {
    /// Later than every other moment.
    pub(crate) const NEVER: Moment = Moment(u32::MAX);

    /// The moment of a phase of a day.
    #[inline]
    pub(crate) const fn new(day: usize, phase: Phase) -> Moment {
        Moment(2 * day as u32 + phase as u32)
    }

    /// The day of this moment.
    #[inline]
    pub(crate) const fn day(self) -> usize {
        (self.0 / 2) as usize
    }

    /// Whether this moment is the open or the close of its day.
    #[inline]
    pub(crate) const fn phase(self) -> Phase {
        if self.0.is_multiple_of(2) { Phase::Open } else { Phase::Close }
    }
}

/// What happens next. At the same moment, payouts come before fills, and fills before a decision.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Event<'a> {
    /// The weights of this block of decisions must be computed; all decisions before them have been made.
    Weights(Range<usize>),
    /// Orders are filled at this moment.
    Fills(Moment),
    /// These payouts happen, all at the open of one day.
    Payouts(&'a [Payout]),
    /// A decision is made.
    Decision {
        /// Moment of the decision.
        at: Moment,
        /// Index among all decisions.
        index: usize,
        /// Row of its weights in the current block, which has a row for each decision that trades.
        row: usize,
    },
}

/// The events of one backtest in their order. Without `FULL` these are decisions alone: the orders of each are filled before
/// the next one, by whoever makes them.
#[derive(Debug)]
pub(crate) struct Agenda<'a, const FULL: bool> {
    /// Days of the decisions.
    days: &'a [u32],
    /// Phase of these days at which the decisions are made.
    phase: Phase,
    /// The first moment after the last day.
    end: Moment,
    /// Number of decisions whose weights are computed together.
    block_size: usize,
    /// The decisions of the current block.
    block: Range<usize>,
    /// Row of the block that holds the weights of the next decision.
    row: usize,
    /// Moment at which orders are filled next.
    fills: Moment,
    /// The payouts to come, by day.
    payouts: &'a [Payout],
    /// The earlier of the next fills and the next payout.
    next: Moment,
}

impl<'a, const FULL: bool> Agenda<'a, FULL> {
    /// The agenda of a market of `market_days` days, before its first event. `payouts` are sorted by day. `block_size`: number
    /// of decisions whose weights are computed together, at least 1.
    pub(crate) fn new(
        decisions: &'a Decisions,
        payouts: &'a [Payout],
        market_days: usize,
        block_size: usize,
    ) -> Agenda<'a, FULL> {
        let (days, phase) = match decisions {
            Decisions::Closes(days) => (days.as_slice(), Phase::Close),
            Decisions::Open(day) => (std::slice::from_ref(day), Phase::Open),
        };
        let end = Moment::new(market_days, Phase::Open);
        let fills = Moment::NEVER;
        let mut agenda =
            Agenda { days, phase, end, block_size, block: 0..0, row: 0, fills, payouts, next: fills };
        agenda.fill_at(fills);
        agenda
    }

    /// Schedules the next fills for this moment.
    #[inline]
    pub(crate) fn fill_at(&mut self, moment: Moment) {
        self.fills = moment;
        self.next = moment.min(self.payout());
    }

    /// The next event; `None` after the last one. Orders scheduled for a moment after the last day stay pending.
    ///
    /// `trading`: the decisions of the current block that trade, in order, as offsets from its first decision; empty before
    /// the first block.
    #[inline(always)]
    pub(crate) fn next(&mut self, trading: &[u32]) -> Option<Event<'a>> {
        let Some(&offset) = trading.get(self.row) else { return self.after_block() };
        let index = self.block.start + offset as usize;
        let at = Moment::new(self.days[index] as usize, self.phase);
        if FULL && self.next <= at {
            return Some(self.before_decision());
        }
        let row = self.row;
        self.row += 1;
        Some(Event::Decision { at, index, row })
    }

    #[inline(never)] // once a block
    fn after_block(&mut self) -> Option<Event<'a>> {
        let start = self.block.end;
        if start < self.days.len() {
            self.block = start..(start + self.block_size).min(self.days.len());
            self.row = 0;
            return Some(Event::Weights(self.block.clone()));
        }
        (FULL && self.next < self.end).then(|| self.before_decision())
    }

    #[inline(always)]
    fn before_decision(&mut self) -> Event<'a> {
        if self.fills < self.payout() {
            let fills = self.fills;
            self.fill_at(Moment::NEVER);
            Event::Fills(fills)
        } else {
            self.paid_out()
        }
    }

    #[cold]
    fn paid_out(&mut self) -> Event<'a> {
        let day = self.payouts.first().map(|payout| payout.day);
        let count = self.payouts.iter().take_while(|payout| Some(payout.day) == day).count();
        let (paid, rest) = self.payouts.split_at(count);
        self.payouts = rest;
        self.fill_at(self.fills);
        Event::Payouts(paid)
    }

    /// The moment of the next payout; never if there is none.
    fn payout(&self) -> Moment {
        self.payouts.first().map_or(Moment::NEVER, |payout| Moment::new(payout.day, Phase::Open))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::market::prices::AssetId;

    const fn open(day: usize) -> Moment {
        Moment::new(day, Phase::Open)
    }

    const fn close(day: usize) -> Moment {
        Moment::new(day, Phase::Close)
    }

    /// All events of ten days in blocks of two decisions. The decisions of `trading` trade, and their orders wait for the
    /// moment that `orders` gives.
    fn events<'p>(
        decisions: &'p Decisions,
        trading: &[usize],
        orders: fn(Moment) -> Moment,
    ) -> Vec<Event<'p>> {
        events_with(decisions, &[], trading, orders)
    }

    fn events_with<'p>(
        decisions: &'p Decisions,
        payouts: &'p [Payout],
        trading: &[usize],
        orders: fn(Moment) -> Moment,
    ) -> Vec<Event<'p>> {
        let mut agenda = Agenda::<true>::new(decisions, payouts, 10, 2);
        let (mut events, mut offsets) = (Vec::new(), Vec::new());
        while let Some(event) = agenda.next(&offsets) {
            match &event {
                Event::Weights(block) => {
                    let in_block = trading.iter().filter(|index| block.contains(index));
                    offsets = in_block.map(|index| (index - block.start) as u32).collect();
                }
                Event::Decision { at, .. } => agenda.fill_at(orders(*at)),
                Event::Fills(_) | Event::Payouts(_) => {}
            }
            events.push(event);
        }
        events
    }

    #[test]
    fn moments_are_in_order_and_keep_their_day_and_phase() {
        assert!(open(3) < close(3) && close(3) < open(4) && open(4) < Moment::NEVER);
        for day in [0, 7] {
            assert_eq!((open(day).day(), open(day).phase()), (day, Phase::Open));
            assert_eq!((close(day).day(), close(day).phase()), (day, Phase::Close));
        }
    }

    #[test]
    fn orders_are_filled_before_the_next_decision_and_those_of_the_last_day_never() {
        let decision = |day, index, row| Event::Decision { at: close(day), index, row };
        let next_open = |at: Moment| open(at.day() + 1);
        let all = Decisions::Closes(vec![1, 2, 5, 9]);
        assert_eq!(
            events(&all, &[0, 1, 2, 3], next_open),
            [
                Event::Weights(0..2),
                decision(1, 0, 0),
                Event::Fills(open(2)),
                decision(2, 1, 1),
                Event::Weights(2..4),
                Event::Fills(open(3)),
                decision(5, 2, 0),
                Event::Fills(open(6)),
                decision(9, 3, 1),
            ]
        );
        // In the first block no decision trades, in the second one only the second.
        let last = Decisions::Closes(vec![0, 1, 2, 3]);
        let some = events(&last, &[3], next_open);
        let expected = [Event::Weights(0..2), Event::Weights(2..4), decision(3, 3, 0), Event::Fills(open(4))];
        assert_eq!(some, expected);
        assert_eq!(events(&Decisions::Closes(vec![]), &[], next_open), []);
    }

    #[test]
    fn at_one_moment_older_orders_are_filled_before_a_decision_and_its_own_after_it() {
        let kinds = |orders: fn(Moment) -> Moment| {
            let decisions = Decisions::Closes(vec![4, 5]);
            let events = events(&decisions, &[0, 1], orders);
            let moments = events.iter().filter_map(|event| match event {
                Event::Weights(_) | Event::Payouts(_) => None,
                Event::Fills(at) => Some(("fills", *at)),
                Event::Decision { at, .. } => Some(("decision", *at)),
            });
            moments.collect::<Vec<_>>()
        };
        let (decision, fills) = (|day| ("decision", close(day)), |day| ("fills", close(day)));
        assert_eq!(kinds(|at| at), [decision(4), fills(4), decision(5), fills(5)]);
        assert_eq!(kinds(|at| close(at.day() + 1)), [decision(4), fills(5), decision(5), fills(6)]);
        let open_decision = Decisions::Open(3);
        let at_open = events(&open_decision, &[0], |at| at);
        let decision = Event::Decision { at: open(3), index: 0, row: 0 };
        assert_eq!(at_open, [Event::Weights(0..1), decision, Event::Fills(open(3))]);
    }

    #[test]
    fn payouts_come_before_the_fills_of_their_open_and_alone() {
        let payouts = [2, 2, 3, 7].map(|day| Payout { day, asset: AssetId(0), price: 1.0 });
        let next_open = |at: Moment| open(at.day() + 1);
        let decision = |day, index| Event::Decision { at: close(day), index, row: index };
        let decisions = Decisions::Closes(vec![1, 3]);
        assert_eq!(
            events_with(&decisions, &payouts, &[0, 1], next_open),
            [
                Event::Weights(0..2),
                decision(1, 0),
                Event::Payouts(&payouts[..2]),
                Event::Fills(open(2)),
                Event::Payouts(&payouts[2..3]),
                decision(3, 1),
                Event::Fills(open(4)),
                Event::Payouts(&payouts[3..]),
            ]
        );
    }
}
