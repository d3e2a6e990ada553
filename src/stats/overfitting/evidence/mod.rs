//! The evidence behind the verdict: a file for each test, and one list of them all. Terminal, page and JSON tell of the list
//! in its order, and know no test by name.

pub(crate) mod cross_validation;
pub(crate) mod deflated;
pub(crate) mod finding;
pub(crate) mod haircut;
pub(crate) mod rechosen;
pub(crate) mod selected;
pub(crate) mod superior_ability;
pub(crate) mod track_record;
pub(crate) mod trials;
pub(crate) mod walk_forward;

use self::cross_validation::CrossValidated;
use self::deflated::Deflated;
use self::finding::{Field, Finding, Line, Reader, Row, Value};
use self::haircut::Haircut;
use self::selected::Selected;
use self::superior_ability::Bootstrapped;
use self::track_record::TrackRecord;
use self::walk_forward::Lived;
use super::material::{Material, Settings};
use super::rechosen::Rechosen;
use super::trials::TrialCounts;

macro_rules! evidence {
    ($($(#[$about:meta])* $name:ident: $kind:ty,)+) => {
        /// What every test found.
        #[derive(Debug, Clone, PartialEq)]
        pub(crate) struct Findings { $($(#[$about])* pub $name: $kind,)+ }

        impl Findings {
            /// The names of the tests, which are those of their files.
            #[cfg(test)]
            pub(crate) const NAMES: &'static [&'static str] = &[$(stringify!($name),)+];

            /// Makes every test that the material allows. Adds to `missing` why others cannot be made.
            pub(crate) fn find(material: &Material, settings: &Settings, missing: &mut Vec<String>) -> Findings {
                Findings { $($name: Finding::find(material, settings, missing),)+ }
            }

            /// The lines of the terminal.
            pub(crate) fn lines(&self, reader: &Reader) -> Vec<Line> {
                [$(self.told(&self.$name, |finding| finding.lines(reader)),)+].concat()
            }

            /// The rows of the page. `root` times a Sharpe ratio per period is one a year.
            pub(crate) fn rows(&self, root: f64) -> Vec<Row> {
                [$(self.told(&self.$name, |finding| finding.rows(root)),)+].concat()
            }

            /// The keys of the JSON. `trial` names the selected one.
            pub(crate) fn fields(&self, trial: &str) -> Vec<Field> {
                joined([$(self.$name.fields(trial),)+].concat())
            }

            /// Why the best verdict may not stand.
            pub(crate) fn strikes(&self) -> Vec<String> {
                [$(self.$name.strike(),)+].into_iter().flatten().collect()
            }
        }
    };
}

evidence! {
    /// How many trials there are.
    trials: TrialCounts,
    /// The selected trial.
    selected: Option<Selected>,
    /// How sure its Sharpe ratio is by itself.
    track_record: Option<TrackRecord>,
    /// Its Sharpe ratio against the best of so many without skill.
    deflated: Deflated,
    /// Its Sharpe ratio after a haircut for so many tests.
    haircut: Option<Haircut>,
    /// How the best of one half of the time fares on the other.
    cross_validation: Option<CrossValidated>,
    /// Histories of choosing anew on the same blocks.
    rechosen: Option<Rechosen>,
    /// What the resamples say of all trials together.
    superior_ability: Option<Bootstrapped>,
    /// What choosing anew in each window earned.
    walk_forward: Option<Lived>,
}

impl Findings {
    fn told<F: Finding, T>(&self, finding: &F, tell: impl Fn(&F) -> Vec<T>) -> Vec<T> {
        match self.selected.is_some() || !F::OF_SELECTED {
            true => tell(finding),
            false => Vec::new(),
        }
    }
}

/// Objects of the same key made one, where the key stands first.
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
