//! The seal: a hash of everything that decides the result of one backtest, and of nothing else. Knows no key by name: the row
//! of a key writes its lines.

use super::definition::Strategy;
use super::keys::SEALED;
use super::lines::SealLines;
use crate::config::schema::Decides;

/// Revision of the results. It must be raised whenever any bit of any result may change for the same input.
pub const RESULTS_REVISION: u32 = 3;

/// BLAKE3 of the canonical form of a strategy with its parameters, of the fingerprint of its prices and of
/// [`RESULTS_REVISION`]. Name, description, formatting and paths do not matter.
pub(crate) fn seal(strategy: &Strategy, fingerprint: &blake3::Hash) -> blake3::Hash {
    blake3::hash(canonical(strategy, fingerprint).as_bytes())
}

/// Everything that decides the result of a strategy, as lines of text.
pub(crate) fn canonical(strategy: &Strategy, fingerprint: &blake3::Hash) -> String {
    let mut lines = SealLines::default();
    lines.line("results_revision", RESULTS_REVISION);
    lines.line("prices", fingerprint);
    write(strategy, &mut lines, |decides| decides == Decides::Weights);
    write(strategy, &mut lines, Decides::changes_scene);
    write(strategy, &mut lines, |decides| decides == Decides::Terms);
    write(strategy, &mut lines, |decides| decides == Decides::Statistics);
    lines.text()
}

/// Everything that decides the prices, decisions and signals of a strategy, as lines of text. Strategies with the same text can
/// share them.
pub(crate) fn scene(strategy: &Strategy) -> String {
    let mut lines = SealLines::default();
    lines.line("folder", strategy.prices.display());
    for column in strategy.used_columns() {
        lines.line("column", format!("{column:?}"));
    }
    write(strategy, &mut lines, Decides::changes_scene);
    lines.text()
}

/// Writes the lines of the keys that decide what `which` accepts.
fn write(strategy: &Strategy, lines: &mut SealLines, which: impl Fn(Decides) -> bool) {
    SEALED.iter().filter(|(decides, _)| which(*decides)).for_each(|(_, write)| write(strategy, lines));
}
