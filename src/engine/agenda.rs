//! When things happen in a backtest, event by event. Knows days and phases, nothing of weights, orders or money.
//!
//! It is no queue. Each kind of event has one slot, the moment of its next event, and decisions are the stream that the slots
//! are held against: one comparison a decision tells whether something else comes first. The only slot is that of the orders
//! that wait. Another kind adds one: a list that is known beforehand (payouts) puts the moment at its head there, orders that
//! wait for several moments the earliest of them. With more than one slot the earliest of all is kept as one number, so that a
//! decision still asks once, and only what happens pays for a look through them. What happens every day (interest) is no
//! event, or every day would end a stretch: it is the daily cash of one ([`super::marking::Cash`]).

use std::mem::replace;
use std::ops::Range;

use crate::market::date::Phase;
use crate::market::decisions::Decisions;

/// An open or a close of a day, counted through, so that moments compare as numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(u32);

impl Moment {
    /// After every other.
    const NEVER: Moment = Moment(u32::MAX);

    /// An event of a day.
    #[inline]
    pub(crate) const fn new(day: usize, phase: Phase) -> Moment {
        Moment(2 * day as u32 + phase as u32)
    }

    /// Its day.
    #[inline]
    pub(crate) const fn day(self) -> usize {
        (self.0 / 2) as usize
    }

    /// Its event.
    #[inline]
    pub(crate) const fn phase(self) -> Phase {
        if self.0.is_multiple_of(2) { Phase::Open } else { Phase::Close }
    }
}

/// What happens next. At one moment, what waits is filled before a decision is made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// The weights of these decisions are wanted: those before them have been made.
    Weights(Range<usize>),
    /// The orders that wait are filled, at this moment.
    Fills(Moment),
    /// A decision is made.
    Decision {
        /// When.
        at: Moment,
        /// Its number among all decisions.
        index: usize,
        /// Its number among those of the block that are carried out.
        place: usize,
    },
}

/// The events of one backtest in their order.
#[derive(Debug)]
pub(crate) struct Agenda<'a> {
    /// Days of the decisions.
    days: &'a [u32],
    /// The event of these days.
    phase: Phase,
    /// The first moment after the last day.
    end: Moment,
    /// Decisions whose weights are wanted at a time.
    block_size: usize,
    /// The decisions whose weights are known.
    block: Range<usize>,
    /// Those of them that were carried out.
    place: usize,
    /// When the orders that wait are filled.
    fills: Moment,
}

impl<'a> Agenda<'a> {
    /// The agenda of a market of so many days, before its first event. `block_size`: decisions whose weights are wanted at a
    /// time, at least 1.
    pub(crate) fn new(decisions: &'a Decisions, market_days: usize, block_size: usize) -> Agenda<'a> {
        let (days, phase) = match decisions {
            Decisions::Closes(days) => (days.as_slice(), Phase::Close),
            Decisions::Open(day) => (std::slice::from_ref(day), Phase::Open),
        };
        let end = Moment::new(market_days, Phase::Open);
        Agenda { days, phase, end, block_size, block: 0..0, place: 0, fills: Moment::NEVER }
    }

    /// The orders just made wait for this moment. No others may wait.
    #[inline]
    pub(crate) fn fill_at(&mut self, moment: Moment) {
        self.fills = moment;
    }

    /// What happens next; `None` after the last event. Orders that wait for a moment after the last day wait on.
    ///
    /// `carried_out`: the decisions of the block of weights that was wanted last, counted from its first, in order, that are
    /// carried out; before the first block none.
    #[inline(always)]
    pub(crate) fn next(&mut self, carried_out: &[u32]) -> Option<Event> {
        let Some(&row) = carried_out.get(self.place) else { return self.after_block() };
        let index = self.block.start + row as usize;
        let at = Moment::new(self.days[index] as usize, self.phase);
        if self.fills <= at {
            return Some(self.filled());
        }
        let place = self.place;
        self.place += 1;
        Some(Event::Decision { at, index, place })
    }

    #[inline(never)] // once a block
    fn after_block(&mut self) -> Option<Event> {
        let start = self.block.end;
        if start < self.days.len() {
            self.block = start..(start + self.block_size).min(self.days.len());
            self.place = 0;
            return Some(Event::Weights(self.block.clone()));
        }
        (self.fills < self.end).then(|| self.filled())
    }

    #[inline(always)]
    fn filled(&mut self) -> Event {
        Event::Fills(replace(&mut self.fills, Moment::NEVER))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn open(day: usize) -> Moment {
        Moment::new(day, Phase::Open)
    }

    const fn close(day: usize) -> Moment {
        Moment::new(day, Phase::Close)
    }

    /// All events of ten days in blocks of two decisions, those of the list carried out; each brings orders for the moment that
    /// a function names.
    fn events(decisions: &Decisions, carried_out: &[usize], orders: fn(Moment) -> Moment) -> Vec<Event> {
        let mut agenda = Agenda::new(decisions, 10, 2);
        let (mut events, mut rows) = (Vec::new(), Vec::new());
        while let Some(event) = agenda.next(&rows) {
            match &event {
                Event::Weights(block) => {
                    let kept = carried_out.iter().filter(|index| block.contains(index));
                    rows = kept.map(|index| (index - block.start) as u32).collect();
                }
                Event::Decision { at, .. } => agenda.fill_at(orders(*at)),
                Event::Fills(_) => {}
            }
            events.push(event);
        }
        events
    }

    #[test]
    fn moments_are_in_order_and_keep_what_they_are() {
        assert!(open(3) < close(3) && close(3) < open(4) && open(4) < Moment::NEVER);
        for day in [0, 7] {
            assert_eq!((open(day).day(), open(day).phase()), (day, Phase::Open));
            assert_eq!((close(day).day(), close(day).phase()), (day, Phase::Close));
        }
    }

    #[test]
    fn orders_are_filled_before_the_next_decision_and_those_of_the_last_day_never() {
        let decision = |day, index, place| Event::Decision { at: close(day), index, place };
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
        // A block of which nothing is carried out, and one of which the second decision is.
        let some = events(&Decisions::Closes(vec![0, 1, 2, 3]), &[3], next_open);
        let expected = [Event::Weights(0..2), Event::Weights(2..4), decision(3, 3, 0), Event::Fills(open(4))];
        assert_eq!(some, expected);
        assert_eq!(events(&Decisions::Closes(vec![]), &[], next_open), []);
    }

    #[test]
    fn at_one_moment_older_orders_are_filled_before_a_decision_and_its_own_after_it() {
        let kinds = |orders: fn(Moment) -> Moment| {
            let events = events(&Decisions::Closes(vec![4, 5]), &[0, 1], orders);
            let moments = events.iter().filter_map(|event| match event {
                Event::Weights(_) => None,
                Event::Fills(at) => Some(("fills", *at)),
                Event::Decision { at, .. } => Some(("decision", *at)),
            });
            moments.collect::<Vec<_>>()
        };
        let (decision, fills) = (|day| ("decision", close(day)), |day| ("fills", close(day)));
        assert_eq!(kinds(|at| at), [decision(4), fills(4), decision(5), fills(5)]);
        assert_eq!(kinds(|at| close(at.day() + 1)), [decision(4), fills(5), decision(5), fills(6)]);
        let at_open = events(&Decisions::Open(3), &[0], |at| at);
        let decision = Event::Decision { at: open(3), index: 0, place: 0 };
        assert_eq!(at_open, [Event::Weights(0..1), decision, Event::Fills(open(3))]);
    }
}
