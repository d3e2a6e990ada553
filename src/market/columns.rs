//! The columns of prices. One row of [`COLUMNS`] says how a column is called, read, cached and filled. Knows no file and no
//! market.

use std::fmt;

/// A column of prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Column {
    /// Price at 14:30; the only value of the day that is known then. On a day without a bar, a market shows the last price
    /// before it.
    Open,
    /// Highest price of the day, known at its close. Where a file has no value, a market shows the larger of open and close.
    High,
    /// Lowest price of the day, known at its close. Where a file has no value, a market shows the smaller of open and close.
    Low,
    /// Price at 21:00. On a day without a bar, a market shows the last price before it.
    Close,
    /// Close scaled for splits and dividends. Only files have this column; a market may show it as its close.
    AdjustedClose,
    /// Shares traded on the day, known at its close. Where a file has no value, a market shows 0.
    Volume,
}

/// Everything the program knows about a column.
#[derive(Debug)]
pub(crate) struct Description {
    /// The column.
    pub column: Column,
    /// Its name in messages, and in formulas if a market has the column.
    pub name: &'static str,
    /// Its usual name in the header of a price file, in any letter case.
    pub header: &'static str,
    /// Its other names in a header, which take precedence over the usual one.
    pub other_headers: &'static [&'static str],
    /// Whether every price file must have it, so that every table holds it.
    pub required: bool,
    /// The column that is always read together with it.
    pub read_with: Option<Column>,
    /// Whether it is a price that the adjustment for splits and dividends scales.
    pub scaled: bool,
    /// Its position among the columns of doubles in a cache file; those that most backtests need come first.
    pub section: usize,
    /// What a market shows where the file has no value.
    pub filling: Filling,
}

/// What a market shows on a day without a value of a column.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Filling {
    /// The last price before it, an open or a close.
    LastPrice,
    /// A function of the day's open and close.
    FromBar(fn(f64, f64) -> f64),
    /// No market has the column.
    NotShown,
}

/// All columns. The number of a column in the fingerprint of prices is its index here.
pub(crate) const COLUMNS: [Description; 6] = [
    Description {
        column: Column::Open,
        name: "open",
        header: "Open",
        other_headers: &[],
        required: true,
        read_with: None,
        scaled: true,
        section: 0,
        filling: Filling::LastPrice,
    },
    Description {
        column: Column::High,
        name: "high",
        header: "High",
        other_headers: &[],
        required: false,
        read_with: Some(Column::Low),
        scaled: true,
        section: 3,
        filling: Filling::FromBar(f64::max),
    },
    Description {
        column: Column::Low,
        name: "low",
        header: "Low",
        other_headers: &[],
        required: false,
        read_with: Some(Column::High),
        scaled: true,
        section: 4,
        filling: Filling::FromBar(f64::min),
    },
    Description {
        column: Column::Close,
        name: "close",
        header: "Close",
        other_headers: &[],
        required: true,
        read_with: None,
        scaled: true,
        section: 1,
        filling: Filling::LastPrice,
    },
    Description {
        column: Column::AdjustedClose,
        name: "adjusted close",
        header: "Adj Close",
        other_headers: &[],
        required: false,
        read_with: None,
        scaled: false,
        section: 2,
        filling: Filling::NotShown,
    },
    Description {
        column: Column::Volume,
        name: "volume",
        header: "Volume",
        other_headers: &["Vol"],
        required: false,
        read_with: None,
        scaled: false,
        section: 5,
        filling: Filling::FromBar(|_, _| 0.0),
    },
];

impl Column {
    /// Number of columns.
    pub(crate) const COUNT: usize = COLUMNS.len();

    /// All columns, in the order of [`COLUMNS`].
    pub(crate) fn all() -> impl Iterator<Item = Column> + Clone {
        COLUMNS.iter().map(|description| description.column)
    }

    /// The columns that a market can have and a formula can name.
    pub(crate) fn shown() -> impl Iterator<Item = Column> + Clone {
        Column::all().filter(|column| !matches!(column.description().filling, Filling::NotShown))
    }

    /// The column with this name in formulas.
    pub(crate) fn named(name: &str) -> Option<Column> {
        Column::shown().find(|column| column.description().name == name)
    }

    /// Its index in [`COLUMNS`].
    pub(crate) fn index(self) -> usize {
        self as usize
    }

    /// Its row of [`COLUMNS`].
    pub(crate) fn description(self) -> &'static Description {
        &COLUMNS[self.index()]
    }

    /// Its name in formulas and messages.
    pub(crate) fn name(self) -> &'static str {
        self.description().name
    }

    /// Its usual name in the header of a price file.
    pub(crate) fn header(self) -> &'static str {
        self.description().header
    }

    /// This column and the one that is always read together with it, in the order of [`COLUMNS`].
    pub(crate) fn together(self) -> impl Iterator<Item = Column> + Clone {
        Column::all().filter(move |column| *column == self || Some(*column) == self.description().read_with)
    }
}

impl fmt::Display for Column {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// A set of columns. It contains the required columns, and columns that are read together are all in it or all not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Columns {
    included: [bool; Column::COUNT],
}

impl Default for Columns {
    /// The required columns alone.
    fn default() -> Columns {
        let mut included = [false; Column::COUNT];
        for description in &COLUMNS {
            included[description.column.index()] = description.required;
        }
        Columns { included }
    }
}

impl Columns {
    /// All columns.
    pub(crate) fn all() -> Columns {
        Columns { included: [true; Column::COUNT] }
    }

    /// This set and a column, with the column that is read together with it.
    #[must_use]
    pub(crate) fn with(mut self, column: Column) -> Columns {
        column.together().for_each(|column| self.included[column.index()] = true);
        self
    }

    /// This set without a column and the column that is read together with it. A required column stays.
    #[must_use]
    pub(crate) fn without(mut self, column: Column) -> Columns {
        column.together().for_each(|column| self.included[column.index()] = column.description().required);
        self
    }

    /// Whether the set contains a column.
    pub(crate) fn has(self, column: Column) -> bool {
        self.included[column.index()]
    }

    /// The columns of the set, in the order of [`COLUMNS`].
    pub(crate) fn iter(self) -> impl Iterator<Item = Column> + Clone {
        Column::all().filter(move |column| self.has(*column))
    }
}

impl FromIterator<Column> for Columns {
    /// The required columns and the given ones, with the columns that are read together with them.
    fn from_iter<I: IntoIterator<Item = Column>>(columns: I) -> Columns {
        columns.into_iter().fold(Columns::default(), Columns::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_column_has_its_row_and_its_section() {
        let mut sections: Vec<usize> = COLUMNS.iter().map(|description| description.section).collect();
        sections.sort_unstable();
        assert_eq!(sections, Vec::from_iter(0..Column::COUNT));
        for (index, description) in COLUMNS.iter().enumerate() {
            let column = description.column;
            assert_eq!(column.index(), index);
            assert_eq!(column.description().name, description.name);
            for other in column.together() {
                assert_eq!(Vec::from_iter(other.together()), Vec::from_iter(column.together()), "{column}");
                assert_eq!(other.description().required, description.required);
            }
        }
    }

    #[test]
    fn formulas_name_what_markets_have() {
        assert_eq!(
            ["open", "high", "low", "close", "volume"].map(|name| Column::named(name).is_some()),
            [true; 5]
        );
        assert_eq!([Column::named("adjusted close"), Column::named("Close"), Column::named("")], [None; 3]);
    }

    #[test]
    fn high_and_low_come_and_go_together() {
        let range = Columns::default().with(Column::Low);
        assert_eq!(Vec::from_iter(range.iter()), [Column::Open, Column::High, Column::Low, Column::Close]);
        assert_eq!(range.without(Column::High), Columns::default());
        assert_eq!(Columns::all().without(Column::Close), Columns::all());
        assert_eq!(Columns::from_iter(Column::all()), Columns::all());
    }
}
