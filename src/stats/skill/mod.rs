//! Did moving the weights earn more than holding the same assets would have? Slices in, numbers out.
//!
//! What a trial earned beyond its own mean weights is its residual ([`passive`]). If weights know nothing of the returns to
//! come, a residual is as likely its own opposite, for all trials of a session alike: so signs of sessions, weeks and months
//! ([`scales`]) are turned, and the best trial is looked at again ([`flips`], trial by trial in [`pass`]). The best of all
//! trials of all sweeps on these assets is compared with the best under turned signs, and what was seen before is allowed for
//! ([`family`]; assets are known again by [`sketch`]). The same gives an interval for what a trial truly earns ([`interval`]).
//! [`examination`] has all figures, [`decision`] the word. On sessions that nobody had seen a trial is compared with itself
//! alone ([`alone`]).
//!
//! Columns of returns without weights ([`columns`]) are judged in the same way: less what fixed positions in given assets
//! explain ([`regression`]), less a benchmark, or as they are; there rows may overlap ([`overlap`]).
//!
//! No random numbers are drawn for it and no trial is left out. [`worlds`] draws some: it puts the sessions of a market into
//! another order.

pub(crate) mod against;
pub(crate) mod alone;
pub(crate) mod columns;
pub(crate) mod decision;
pub(crate) mod equals;
pub(crate) mod examination;
pub(crate) mod family;
pub(crate) mod flips;
pub(crate) mod interval;
pub(crate) mod overlap;
pub(crate) mod pass;
pub(crate) mod passive;
pub(crate) mod record;
pub(crate) mod regression;
pub(crate) mod scales;
pub(crate) mod sketch;
pub(crate) mod worlds;
pub(crate) mod year;
