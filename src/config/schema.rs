//! The schema of a file: one row per key, which says its path, the kind of its value, what it decides and what it means. Knows
//! no key by name.

use std::fmt;

/// A key of a file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// Its dotted path; `*` stands for names that the author of the file chooses.
    pub path: &'static str,
    /// The path of its table; empty for the top table.
    pub table: &'static str,
    /// The last part of its path.
    pub name: &'static str,
    /// Whether the path of its table contains `*`.
    pub in_free_table: bool,
    /// The kind of its value.
    pub kind: Kind,
    /// What applies if it is missing.
    pub default: KeyDefault,
    /// What its value decides.
    pub decides: Decides,
    /// What it means, in English with Markdown links and code, as the reference shows it.
    #[cfg_attr(not(test), expect(dead_code, reason = "the reference is written from it"))]
    pub about: &'static str,
}

/// The kind of value that a key takes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    /// Text.
    Text,
    /// Text without line breaks, for a line of a script.
    Line,
    /// A list of such lines.
    Lines,
    /// One of a list of names.
    Choice {
        /// What the names stand for, for messages.
        what: &'static str,
        /// The names.
        names: &'static [&'static str],
    },
    /// A family of keys, each with its own list of names to choose from.
    Choices {
        /// The names of the keys.
        names: &'static [&'static str],
        /// The choices of the key with a name.
        choices: fn(&str) -> Option<Vec<&'static str>>,
    },
    /// True or false.
    Boolean,
    /// A number.
    Number {
        /// What messages call it.
        noun: &'static str,
        /// Its range.
        range: Range,
    },
    /// One of some names, or a list of several.
    ChoiceOrList {
        /// What messages call one.
        what: &'static str,
        /// The names, in the order in which messages list them.
        names: &'static [&'static str],
    },
    /// A whole number.
    Whole {
        /// What messages call it.
        noun: &'static str,
        /// Its range.
        range: Range,
    },
    /// A whole number or a certain word.
    WholeOr {
        /// The word.
        word: &'static str,
        /// The range of the number.
        range: Range,
    },
    /// A date-time, or a date, which means a certain time of that day.
    Moment {
        /// This time, in nanoseconds after midnight.
        time: u64,
    },
    /// A date.
    Date,
    /// A ticker.
    Ticker,
    /// A list of tickers, or the name of a file with one a line.
    TickersOrFile,
    /// The name of a CSV file of members, or its rows as a list of lists.
    Members,
    /// A formula over prices.
    Formula,
    /// A number, or a formula over prices.
    NumberOrFormula {
        /// What messages call the number.
        noun: &'static str,
        /// Its range.
        range: Range,
    },
    /// A formula without prices.
    Condition,
    /// A list of such formulas.
    Conditions,
    /// A folder, or a file in place of it.
    Folder,
    /// A file.
    File,
    /// The values of an axis.
    Values,
    /// A table.
    Table,
    /// A table, or the name of a file.
    FileOrTable,
    /// A table, or a text, which means a table with only this key.
    TextOrTable(&'static str),
}

/// The range of the numbers that a key takes. All are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Range {
    /// All numbers.
    Any,
    /// Numbers greater than this one.
    Above(f64),
    /// Above the first number, which is excluded, to the second, included.
    AboveTo(f64, f64),
    /// This number and greater ones.
    AtLeast(f64),
    /// From the first to the second number, both included.
    Within(f64, f64),
    /// From the first number, included, to the second, excluded.
    Below(f64, f64),
}

/// What applies if a key is missing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum KeyDefault {
    /// Nothing: the key is required.
    Required,
    /// Nothing: the key has no effect then.
    Optional,
    /// This number.
    Is(f64),
    /// This boolean.
    Flag(bool),
    /// This choice.
    Named(&'static str),
    /// A value that the code that reads the key determines; the words describe it.
    As(&'static str),
}

/// What the value of a key decides, and so what must be computed again when it changes. All but the last are part of the seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Decides {
    /// Which points a sweep has.
    Points,
    /// Which prices are read, and for which days. A plan covers the prices of all values of such a key.
    Prices,
    /// The days of the decisions and the formula.
    Decisions,
    /// The weights that the formula gives. Points with the same scene differ in them.
    Weights,
    /// How the simulation trades the weights.
    Terms,
    /// How figures are computed from the curve.
    Statistics,
    /// No result.
    Nothing,
}

/// The keys of a kind of file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema {
    /// The keys. Those of the same table are in the order in which messages list them.
    pub keys: &'static [Key],
}

impl Key {
    /// Whether this is the key with a dotted path.
    pub(crate) fn is_at(&self, path: &str) -> bool {
        match self.kind {
            Kind::Choices { names, .. } => names.iter().any(|name| self.path.replace('*', name) == path),
            _ => leads_to(self.path, path),
        }
    }

    /// Its name, or the names of a family; `*` if the author of the file chooses the name.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        match self.kind {
            Kind::Choices { names, .. } => names.to_vec(),
            _ => vec![self.name],
        }
    }

    /// Whether it, or a key of its family, has this name.
    fn is_called(&self, name: &str) -> bool {
        match self.kind {
            Kind::Choices { names, .. } => names.contains(&name),
            _ => self.is_free() || self.name == name,
        }
    }

    /// Whether it is a key of the table with a path.
    fn is_in(&self, table: &str) -> bool {
        self.table == table || self.in_free_table && leads_to(self.table, table)
    }

    /// Whether the author of the file chooses its name.
    fn is_free(&self) -> bool {
        self.name == "*" && !matches!(self.kind, Kind::Choices { .. })
    }
}

impl Schema {
    /// The key with a dotted path. A free name may contain dots; if more than one row matches, the one with the longest path.
    pub(crate) fn key(&self, path: &str) -> Option<&'static Key> {
        let fitting = self.keys.iter().filter(|key| key.is_at(path));
        fitting.max_by_key(|key| key.path.matches('.').count())
    }

    /// Whether a table has a key with a name.
    pub(crate) fn knows(&self, table: &str, name: &str) -> bool {
        self.keys.iter().any(|key| key.is_in(table) && key.is_called(name))
    }

    /// The names of the keys of a table, in order; `*` for free names. The path of the top table is empty.
    pub(crate) fn names_in(&self, table: &str) -> Vec<&'static str> {
        self.keys.iter().filter(|key| key.is_in(table)).flat_map(Key::names).collect()
    }

    /// The dotted path of the key with this name, if exactly one inner table has such a key.
    pub(crate) fn path_to(&self, name: &str) -> Option<String> {
        let inner = self.keys.iter().filter(|key| !key.table.is_empty());
        let inner = inner.filter(|key| !key.in_free_table);
        let mut having = inner.filter(|key| !key.is_free() && key.is_called(name));
        let key = having.next()?;
        having.next().is_none().then(|| format!("{}.{name}", key.table))
    }
}

/// The table and the name of a dotted path.
pub(crate) const fn table_and_name(path: &str) -> (&str, &str) {
    let mut end = path.len();
    while end > 0 {
        end -= 1;
        if path.as_bytes()[end] == b'.' {
            let (table, name) = path.split_at(end);
            return (table, name.split_at(1).1);
        }
    }
    ("", path)
}

/// Whether a path contains `*`.
pub(crate) const fn is_free(path: &str) -> bool {
    let mut index = 0;
    while index < path.len() && path.as_bytes()[index] != b'*' {
        index += 1;
    }
    index < path.len()
}

/// Whether a path matches a form, in which `*` stands for any name.
fn leads_to(form: &str, path: &str) -> bool {
    if form == path {
        return true;
    }
    let Some(star) = form.bytes().position(|byte| byte == b'*') else { return false };
    let free = path.strip_prefix(&form[..star]).and_then(|rest| rest.strip_suffix(&form[star + 1..]));
    free.is_some_and(|name| !name.is_empty())
}

impl Decides {
    /// Whether points that differ in such a key have different scenes: other prices, other decisions or another formula.
    pub(crate) fn changes_scene(self) -> bool {
        matches!(self, Decides::Prices | Decides::Decisions)
    }
}

impl Range {
    /// Whether a number is in the range.
    pub(crate) fn contains(self, number: f64) -> bool {
        match self {
            Range::Any => true,
            Range::Above(least) => number > least,
            Range::AboveTo(least, most) => number > least && number <= most,
            Range::AtLeast(least) => number >= least,
            Range::Within(least, most) => (least..=most).contains(&number),
            Range::Below(least, most) => (least..most).contains(&number),
        }
    }

    /// The number that is expected, for messages.
    pub(crate) fn expected(self, noun: &str) -> String {
        match self {
            Range::Any => noun.to_owned(),
            Range::Above(_) | Range::AboveTo(..) => format!("{noun} {self}"),
            Range::AtLeast(_) => format!("{noun} of {self}"),
            Range::Within(..) | Range::Below(..) => format!("{noun} from {self}"),
        }
    }
}

impl fmt::Display for Range {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Range::Any => Ok(()),
            Range::Above(least) => write!(formatter, "above {least}"),
            Range::AboveTo(least, most) => write!(formatter, "above {least} to {most}"),
            Range::AtLeast(least) => write!(formatter, "{least} or more"),
            Range::Within(least, most) => write!(formatter, "{least} to {most}"),
            Range::Below(least, most) => write!(formatter, "{least} to below {most}"),
        }
    }
}

/// Defines a constant for each row and a [`Schema`] of all rows. A row is `NAME = "path": Kind, KeyDefault, Decides;` below a
/// doc comment that says what the key means.
macro_rules! keys {
    (
        $(#[$of_all:meta])*
        $schema:ident;
        $($(#[doc = $about:literal])+ $name:ident = $path:literal: $kind:expr, $default:expr, $decides:ident;)+
    ) => {
        $(
            $(#[doc = $about])+
            pub(crate) const $name: $crate::config::schema::Key = {
                #[allow(unused_imports)]
                use $crate::config::schema::{Decides, Key, Kind::*, KeyDefault::*};
                let (table, name) = $crate::config::schema::table_and_name($path);
                Key {
                    path: $path,
                    table,
                    name,
                    in_free_table: $crate::config::schema::is_free(table),
                    kind: $kind,
                    default: $default,
                    decides: Decides::$decides,
                    about: concat!($($about),+).trim_ascii(),
                }
            };
        )+
        $(#[$of_all])*
        pub(crate) const $schema: $crate::config::schema::Schema =
            $crate::config::schema::Schema { keys: &[$($name),+] };
    };
}
pub(crate) use keys;

#[cfg(test)]
mod tests {
    use super::*;

    keys! {
        /// The keys of a file that does not exist.
        ODD;

        /// Top.
        TOP = "top": Text, Required, Nothing;
        /// Free.
        FREE = "columns.*": Table, Optional, Prices;
        /// Below a free name,
        /// on two lines.
        INNER = "columns.*.lag": Whole { noun: "a lag", range: Range::AtLeast(0.0) }, Is(1.0), Prices;
        /// A family.
        FAMILY = "rules.*": Choices { names: &["a", "b"], choices: |_| Some(vec!["on", "off"]) }, As("on"), Decisions;
    }

    #[test]
    fn a_path_leads_to_its_row() {
        let row = |path| ODD.key(path).map(|key| key.path);
        assert_eq!([row("top"), row("tops"), row("columns")], [Some("top"), None, None]);
        assert_eq!([row("columns.vwap"), row("columns.\"a.b\"")], [Some("columns.*"); 2]);
        assert_eq!([row("columns.vwap.lag"), row("columns.a.b.lag")], [Some("columns.*.lag"); 2]);
        assert_eq!([row("rules.a"), row("rules.c")], [Some("rules.*"), None]);
        assert_eq!([row("columns."), row("rules.*")], [None, None]);
    }

    #[test]
    fn a_table_knows_the_names_of_its_keys() {
        assert_eq!(ODD.names_in(""), ["top"]);
        assert_eq!(ODD.names_in("columns"), ["*"]);
        assert_eq!(ODD.names_in("columns.vwap"), ["lag"]);
        assert_eq!(ODD.names_in("rules"), ["a", "b"]);
        let knows = |table, names: [&str; 2]| names.map(|name| ODD.knows(table, name));
        assert_eq!(knows("", ["top", "lag"]), [true, false]);
        assert_eq!(knows("columns", ["vwap", "lag"]), [true; 2]);
        assert_eq!(knows("columns.vwap", ["lag", "vwap"]), [true, false]);
        assert_eq!(knows("rules", ["a", "c"]), [true, false]);
        assert_eq!([ODD.path_to("b"), ODD.path_to("top")], [Some("rules.b".to_owned()), None]);
    }

    #[test]
    fn the_text_above_a_row_is_its_sentence() {
        assert_eq!([TOP.about, INNER.about], ["Top.", "Below a free name, on two lines."]);
    }
}
