//! The evidence behind the verdict: a file for each test, and the list of all tests. Terminal and JSON show the tests in
//! the order of the list and know no test by name.

pub(crate) mod cross_validation;
pub(crate) mod deflated;
pub(crate) mod finding;
pub(crate) mod haircut;
pub(crate) mod rechosen;
pub(crate) mod selected;
pub(crate) mod superior_ability;
pub(crate) mod track_record;
pub(crate) mod trials;

use self::cross_validation::CrossValidated;
use self::deflated::Deflated;
use self::finding::{Field, Finding, Line, Reader, Value};
use self::haircut::Haircut;
use self::selected::Selected;
use self::superior_ability::Bootstrapped;
use self::track_record::TrackRecord;
use super::material::{Material, Settings};
use super::rechosen::Rechosen;
use super::trials::TrialCounts;

macro_rules! evidence {
    ($($(#[$about:meta])* $name:ident: $kind:ty,)+) => {
        /// The results of all tests.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct Findings { $($(#[$about])* pub $name: $kind,)+ }

        impl Findings {
            /// The names of the tests, which are those of their files.
            #[cfg(test)]
            pub(crate) const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// Performs every test for which there are data. Adds to `missing` why there are none for others.
            pub(crate) fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Findings {
                Findings { $($name: Finding::find(material, settings, missing),)+ }
            }

            /// The lines in the terminal.
            pub(crate) fn lines(&self, reader: &Reader) -> Vec<Line> {
                [$(self.shown(&self.$name, |finding| finding.lines(reader)),)+].concat()
            }

            /// The keys in the JSON. `trial` is the name of the selected trial.
            pub(crate) fn fields(&self, trial: &str) -> Vec<Field> {
                joined([$(self.$name.fields(trial),)+].concat())
            }
        }
    };
}

evidence! {
    /// The number of trials.
    trials: TrialCounts,
    /// The selected trial.
    selected: Option<Selected>,
    /// The uncertainty of its Sharpe ratio, without regard to selection.
    track_record: Option<TrackRecord>,
    /// Its Sharpe ratio against the best of as many trials without skill.
    deflated: Deflated,
    /// Its Sharpe ratio after a haircut for multiple testing.
    haircut: Option<Haircut>,
    /// How the best trial of one half of the time does on the other.
    cross_validation: Option<CrossValidated>,
    /// Histories in which the trial is chosen anew for every part of the time.
    rechosen: Option<Rechosen>,
    /// The bootstrap tests of all trials together.
    superior_ability: Option<Bootstrapped>,
}

impl Findings {
    fn shown<F: Finding, T>(&self, finding: &F, show: impl Fn(&F) -> Vec<T>) -> Vec<T> {
        if self.selected.is_some() || !F::OF_SELECTED { show(finding) } else { Vec::new() }
    }
}

/// Merges objects with the same key, at the position of the first.
fn joined(fields: Vec<Field>) -> Vec<Field> {
    let mut out: Vec<Field> = Vec::with_capacity(fields.len());
    for (key, value) in fields {
        let known = out.iter_mut().find(|(known, _)| *known == key);
        match (known, value) {
            (Some((_, Value::Fields(known))), Value::Fields(more)) => known.extend(more),
            (Some((_, known @ Value::Null)), value) => *known = value,
            (_, value) => out.push((key, value)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_of_one_key_are_one() {
        let object = |key, value| Value::Fields(vec![(key, Value::Whole(value))]);
        let fields =
            vec![("a", object("x", 1)), ("b", Value::Null), ("a", object("y", 2)), ("b", object("z", 3))];
        let whole = Value::Fields(vec![("x", Value::Whole(1)), ("y", Value::Whole(2))]);
        assert_eq!(joined(fields), [("a", whole), ("b", object("z", 3))]);
    }
}
