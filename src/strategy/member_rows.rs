//! Members of a universe from rows of symbol, entry and exit: the spells of a symbol may touch, and not overlap. Knows no file.

use std::collections::HashMap;

use crate::formula::check::is_ticker;
use crate::market::date::{Date, Instant};
use crate::market::universe::Tenure;

/// Assets with the times of their membership, ascending, in the order of the universe.
pub(crate) type Assets = Vec<(String, Vec<Tenure>)>;

/// One spell of one symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct MemberRow {
    /// The symbol.
    pub symbol: String,
    /// The first date on which it is a member; `None` for the start of the backtest.
    pub entry: Option<Date>,
    /// The first date on which it is none; `None` if it never leaves.
    pub exit: Option<Date>,
}

impl MemberRow {
    /// Reads a row from the texts of its cells, blanks around them allowed; an empty entry or exit is none.
    ///
    /// # Errors
    /// No ticker, a date that cannot be read, or an exit that is not after the entry.
    pub(crate) fn read(
        symbol: &str,
        [entry, exit]: [&str; 2],
        date: impl Fn(&str) -> Option<Date>,
    ) -> Result<MemberRow, String> {
        let symbol = read_ticker(symbol)?;
        let read = |text: &str| match text.trim() {
            "" => Ok(None),
            text => date(text).map(Some).ok_or_else(|| {
                format!("cannot read the date '{text}' of '{symbol}', expected a form like 2004-08-19")
            }),
        };
        let (entry, exit) = (read(entry)?, read(exit)?);
        if let (Some(entry), Some(exit)) = (entry, exit)
            && exit <= entry
        {
            return Err(format!("the exit {exit} of '{symbol}' is not after its entry {entry}"));
        }
        Ok(MemberRow { symbol: symbol.to_owned(), entry, exit })
    }

    /// The beginning of the spell, for messages.
    fn begin(&self) -> String {
        self.entry.map_or("the start".to_owned(), |entry| entry.to_string())
    }

    fn tenure(&self) -> Tenure {
        Tenure { entry: self.entry.map(Instant::midnight), exit: self.exit.map(Instant::midnight) }
    }
}

/// A ticker in a file, with blanks around it.
///
/// # Errors
/// The text is no ticker.
pub(crate) fn read_ticker(text: &str) -> Result<&str, String> {
    match text.trim() {
        "" => Err("expected a ticker, found nothing".to_owned()),
        symbol if is_ticker(symbol) => Ok(symbol),
        symbol => Err(format!("'{symbol}' is no ticker, expected letters, digits or any of . _ ^ = -")),
    }
}

/// The members that rows name, in the order in which their symbols first appear. `place` names a row by its index, such as
/// `line 3`.
///
/// # Errors
/// Two spells of a symbol overlap: the index of the later row, and a message that names the earlier one.
pub(crate) fn members(
    rows: &[MemberRow],
    place: impl Fn(usize) -> String,
) -> Result<Assets, (usize, String)> {
    let mut symbols: HashMap<&str, usize> = HashMap::new();
    let mut spells: Vec<Vec<usize>> = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        let symbol = *symbols.entry(&row.symbol).or_insert_with(|| {
            spells.push(Vec::new());
            spells.len() - 1
        });
        spells[symbol].push(index);
    }
    // No entry is before every entry; no exit is after every exit.
    spells.iter_mut().for_each(|spells| spells.sort_by_key(|&row| rows[row].entry));
    let overlaps = spells.iter().filter_map(|spells| first_overlap(rows, spells));
    if let Some([later, earlier]) = overlaps.min() {
        let row = &rows[later];
        let message = format!(
            "the spell of '{}' from {} overlaps the one on {} from {}",
            row.symbol,
            row.begin(),
            place(earlier),
            rows[earlier].begin()
        );
        return Err((later, message));
    }
    let asset = |spells: Vec<usize>| {
        let symbol = spells.first().map_or(String::new(), |&row| rows[row].symbol.clone());
        (symbol, spells.iter().map(|&row| rows[row].tenure()).collect())
    };
    Ok(spells.into_iter().map(asset).collect())
}

/// Two rows that overlap, the later one first: the pair whose later row comes first. `spells` are rows by entry.
fn first_overlap(rows: &[MemberRow], spells: &[usize]) -> Option<[usize; 2]> {
    let mut longest: Option<usize> = None;
    let mut found = Vec::new();
    for &row in spells {
        let Some(before) = longest else {
            longest = Some(row);
            continue;
        };
        let overlaps = match (rows[before].exit, rows[row].entry) {
            (Some(exit), Some(entry)) => entry < exit,
            _ => true,
        };
        if overlaps {
            found.push([row.max(before), row.min(before)]);
        }
        let is_longer = match (rows[before].exit, rows[row].exit) {
            (Some(before), Some(exit)) => exit > before,
            (_, exit) => exit.is_none(),
        };
        if is_longer {
            longest = Some(row);
        }
    }
    found.into_iter().min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(symbol: &str, entry: &str, exit: &str) -> MemberRow {
        MemberRow::read(symbol, [entry, exit], |text| Date::parse(text.as_bytes())).unwrap()
    }

    fn read(rows: &[MemberRow]) -> Result<Vec<(String, String)>, (usize, String)> {
        let shown = |tenures: &[Tenure]| {
            let moment =
                |at: Option<Instant>| at.map_or("-".to_owned(), |at| at.to_string()[..10].to_owned());
            let spell = |tenure: &Tenure| format!("{} {}", moment(tenure.entry), moment(tenure.exit));
            tenures.iter().map(spell).collect::<Vec<_>>().join(", ")
        };
        let assets = members(rows, |row| format!("line {}", row + 2))?;
        Ok(assets.iter().map(|(symbol, tenures)| (symbol.clone(), shown(tenures))).collect())
    }

    #[test]
    fn spells_ascend_and_symbols_stand_as_they_appear() {
        let rows = [
            row("C", "2023-01-20", ""),
            row("A", "2023-02-21", "2023-03-10"),
            row("B", "", ""),
            row("A", "", "2023-02-21"),
        ];
        let expected = [("C", "2023-01-20 -"), ("A", "- 2023-02-21, 2023-02-21 2023-03-10"), ("B", "- -")];
        let expected = expected.map(|(symbol, spells)| (symbol.to_owned(), spells.to_owned()));
        assert_eq!(read(&rows), Ok(expected.to_vec()));
    }

    #[test]
    fn overlaps_name_the_later_row_first() {
        let rows = [row("A", "", ""), row("B", "", "2023-01-09"), row("B", "2023-01-05", "")];
        let message = "the spell of 'B' from 2023-01-05 overlaps the one on line 3 from the start";
        assert_eq!(read(&rows), Err((2, message.to_owned())));
        // The second row lies within the first one, and the third as well.
        let rows = [
            row("A", "2020-01-01", "2022-01-01"),
            row("A", "2021-06-01", "2021-07-01"),
            row("A", "2020-02-01", "2020-03-01"),
        ];
        let message = "the spell of 'A' from 2021-06-01 overlaps the one on line 2 from 2020-01-01";
        assert_eq!(read(&rows), Err((1, message.to_owned())));
        let rows = [row("A", "", ""), row("A", "", "2020-01-01")];
        assert_eq!(read(&rows).unwrap_err().0, 1);
        let rows = [row("A", "2020-01-01", ""), row("A", "2021-01-01", "")];
        assert_eq!(read(&rows).unwrap_err().0, 1);
    }

    #[test]
    fn cells_are_checked() {
        let refuse = |symbol: &str, dates: [&str; 2], expected: &str| {
            let error = MemberRow::read(symbol, dates, |text| Date::parse(text.as_bytes())).unwrap_err();
            assert_eq!(error, expected);
        };
        refuse(" ", ["", ""], "expected a ticker, found nothing");
        refuse("a b", ["", ""], "'a b' is no ticker, expected letters, digits or any of . _ ^ = -");
        refuse(
            "A",
            ["", "1.2.2020"],
            "cannot read the date '1.2.2020' of 'A', expected a form like 2004-08-19",
        );
        refuse(
            "A",
            ["20200102", "2020-01-02"],
            "the exit 2020-01-02 of 'A' is not after its entry 2020-01-02",
        );
    }
}
