//! The seal: a hash of everything that decides the result of one backtest, and of nothing else. Knows no key by name but the
//! end of the period: the row of a key writes its lines.

use super::definition::Strategy;
use super::keys::{END, SEALED, Sealed};
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
    write_all(strategy, &mut lines, |_| true);
    lines.text()
}

/// What stays of [`canonical`] when a strategy is run on later days or on prices that were corrected: all but the prices and
/// the end of the period.
pub(crate) fn rule(strategy: &Strategy) -> String {
    let mut lines = SealLines::default();
    lines.line("results_revision", RESULTS_REVISION);
    write_all(strategy, &mut lines, |key| key.path != END.path);
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
    write(strategy, &mut lines, |key| key.decides.changes_scene());
    lines.text()
}

/// Writes the lines of the keys that `which` accepts, grouped by what they decide.
fn write_all(strategy: &Strategy, lines: &mut SealLines, which: impl Fn(&Sealed) -> bool) {
    let groups: [fn(Decides) -> bool; 4] = [
        |decides| decides == Decides::Weights,
        Decides::changes_scene,
        |decides| decides == Decides::Terms,
        |decides| decides == Decides::Statistics,
    ];
    for is_in in groups {
        write(strategy, lines, |key| is_in(key.decides) && which(key));
    }
}

/// Writes the lines of the keys that `which` accepts, in the order of their rows.
fn write(strategy: &Strategy, lines: &mut SealLines, which: impl Fn(&Sealed) -> bool) {
    SEALED.iter().filter(|key| which(key)).for_each(|key| (key.write)(strategy, lines));
}
