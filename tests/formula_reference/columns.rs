//! Numbers and dates from files beside the prices, as they are known session by session.

use chrono::{Days, NaiveDate};

use super::market::weekdays;

/// A name of `[data.columns]`.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    Numbers {
        /// How many sessions after its date a number is known.
        lag: usize,
        /// How many sessions after it became known a number is still given.
        max_age: Option<usize>,
        rows: Vec<(Whose, f64)>,
    },
    /// Dates that are known in advance.
    Dates { known: usize, rows: Vec<Whose> },
}

/// A date, and the asset that it is of: None for all.
pub type Whose = (NaiveDate, Option<String>);

/// The place of a date among sessions, weekdays going on before and after them: of the first session at or after it,
/// counted from the first one of the backtest.
fn place(sessions: &[NaiveDate], date: NaiveDate) -> isize {
    let (first, last) = (sessions[0], sessions[sessions.len() - 1]);
    if date < first {
        return -(weekdays(date, first - Days::new(1)).len() as isize);
    }
    if date > last {
        return (sessions.len() + weekdays(last + Days::new(1), date - Days::new(1)).len()) as isize;
    }
    sessions.iter().filter(|session| **session < date).count() as isize
}

fn is_of(whose: &Whose, asset: &str) -> bool {
    whose.1.as_ref().is_none_or(|symbol| symbol == asset)
}

impl Column {
    /// What is known of an asset at the close of a session.
    pub fn value(&self, asset: &str, sessions: &[NaiveDate], session: usize) -> Option<f64> {
        let today = session as isize;
        match self {
            Column::Numbers { lag, max_age, rows } => {
                let known_since = |date: NaiveDate| place(sessions, date) + *lag as isize;
                let known = rows
                    .iter()
                    .filter(|(whose, _)| is_of(whose, asset) && known_since(whose.0) <= today)
                    .max_by_key(|(whose, _)| whose.0)?;
                let age = today - known_since(known.0.0);
                max_age.is_none_or(|most| age <= most as isize).then_some(known.1)
            }
            Column::Dates { known, rows } => {
                let ahead = rows.iter().filter(|whose| is_of(whose, asset));
                let ahead = ahead.map(|whose| place(sessions, whose.0) - today).filter(|left| *left >= 0);
                ahead.min().filter(|left| *left <= *known as isize).map(|left| left as f64)
            }
        }
    }
}
