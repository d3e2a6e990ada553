//! A hash of everything that decides the result of one backtest, and of nothing else. Knows no key: a row says how it is
//! written.

use super::definition::Strategy;
use super::keys::SEALED;
use super::lines::Lines;
use crate::config::schema::Decides;

/// Raised whenever any bit of any result may change for the same input.
pub const RESULTS_REVISION: u32 = 2;

/// BLAKE3 of the canonical form of a strategy with its parameters, of the prices it used and of [`RESULTS_REVISION`]. Names,
/// descriptions, formatting and paths are not part of it.
pub(crate) fn seal(strategy: &Strategy, fingerprint: &blake3::Hash) -> blake3::Hash {
    blake3::hash(canonical(strategy, fingerprint).as_bytes())
}

/// All that decides the result of a strategy, as lines of text.
pub(crate) fn canonical(strategy: &Strategy, fingerprint: &blake3::Hash) -> String {
    let mut lines = Lines::default();
    lines.line("results_revision", RESULTS_REVISION);
    lines.line("prices", fingerprint);
    write(strategy, &mut lines, |decides| decides == Decides::Weights);
    write(strategy, &mut lines, Decides::changes_scene);
    write(strategy, &mut lines, |decides| decides == Decides::Terms);
    write(strategy, &mut lines, |decides| decides == Decides::Statistics);
    lines.text()
}

/// All that decides the prices, decisions and signals of a strategy, as lines of text: strategies that agree here can share
/// them.
pub(crate) fn scene(strategy: &Strategy) -> String {
    let mut lines = Lines::default();
    lines.line("folder", strategy.prices.display());
    write(strategy, &mut lines, Decides::changes_scene);
    lines.text()
}

fn write(strategy: &Strategy, lines: &mut Lines, which: impl Fn(Decides) -> bool) {
    SEALED.iter().filter(|(decides, _)| which(*decides)).for_each(|(_, write)| write(strategy, lines));
}
