//! How results are ranked: by which figure, and which of them qualify.

use std::cmp::Ordering;

use super::keys::{self, SWEEP};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::Field;
use crate::formula::condition::Condition;
use crate::stats::better::Better;
use crate::strategy::figures::{Metric, NAMES, PointFigures, UnknownMetric, no_number};
use crate::text::toml_text;

/// A rule for ranking.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Rank {
    /// The figure.
    pub metric: Metric,
    /// Conditions over the figures, as written and checked; points that fail one stand below the rest.
    pub require: Vec<(String, Condition)>,
}

/// How a point stands among others.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Standing {
    class: Class,
    /// The figure, more is better; NaN where it is absent or means nothing.
    pub value: f64,
}

/// What a point is good for, the worst first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Class {
    /// It has no figure at all.
    Failed,
    /// Its account was ruined: its figures mean nothing.
    Ruined,
    /// It lacks the figure that ranks.
    Unknown,
    /// It has the figure, but does not fulfil every condition.
    TurnedDown,
    /// It has the figure and fulfils every condition.
    Qualified,
}

impl Standing {
    /// Whether it fulfils every condition, has the figure and was not ruined: only then it may win.
    pub(crate) fn qualifies(&self) -> bool {
        self.class == Class::Qualified
    }

    /// Whether its account was ruined.
    pub(crate) fn is_ruined(&self) -> bool {
        self.class == Class::Ruined
    }

    /// The better one is the greater. Equal ones are for the order of the points to decide.
    pub(crate) fn compare(&self, other: &Standing) -> Ordering {
        self.class.cmp(&other.class).then_with(|| self.value.total_cmp(&other.value))
    }
}

impl Rank {
    /// Reads the table `[rank]` of a sweep file, or gives the default: Sharpe, no conditions.
    ///
    /// # Errors
    /// An unknown figure, or a text that is no condition.
    pub(crate) fn of_document(document: &Document) -> Result<Rank, ConfigError> {
        let table = document.table().inner(&SWEEP, &keys::RANK)?;
        let metric = match table.find(&keys::METRIC) {
            Some(field) => {
                field.text()?.parse().map_err(|error: UnknownMetric| field.error(error.to_string()))?
            }
            None => Metric::SHARPE,
        };
        let require = table.find(&keys::REQUIRE).map_or(Ok(Vec::new()), |field| field.texts())?;
        Ok(Rank { metric, require: require.iter().map(condition).collect::<Result<_, _>>()? })
    }

    /// Where a point with these figures stands: first its class, then the figure, its sign turned if less of it is better.
    pub(crate) fn standing(&self, figures: &PointFigures) -> Standing {
        let figure = figures[self.metric.column()];
        let value = match self.metric.figure().better {
            Better::High => figure,
            Better::Low => -figure,
        };
        let is_absent = |metric: Metric| figures[metric.column()].is_nan();
        let class = if is_absent(Metric::FILLS) {
            Class::Failed
        } else if !is_absent(Metric::RUINED_ON) {
            Class::Ruined
        } else if value.is_nan() {
            Class::Unknown
        } else if self.require.iter().all(|(_, condition)| condition.holds(figures)) {
            Class::Qualified
        } else {
            Class::TurnedDown
        };
        Standing { class, value: if class > Class::Ruined { value } else { f64::NAN } }
    }

    /// The name of the figure.
    pub(crate) fn name(&self) -> &'static str {
        self.metric.name()
    }

    /// The table as text of a sweep file.
    pub(crate) fn to_toml(&self) -> String {
        let require: Vec<String> = self.require.iter().map(|(text, _)| toml_text::string(text)).collect();
        format!("\n[rank]\nmetric = \"{}\"\nrequire = [{}]\n", self.name(), require.join(", "))
    }
}

fn condition(field: &Field) -> Result<(String, Condition), ConfigError> {
    let text = field.text()?;
    let condition = Condition::new(text, &NAMES.map(str::to_owned))
        .map_err(|error| field.error_within(error.span.clone(), error.to_string()))?;
    match Metric::all().find(|metric| metric.is_date() && condition.uses(metric.column())) {
        Some(metric) => Err(field.error(no_number(metric.name()))),
        None => Ok((text.to_owned(), condition)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::strategy::figures::FIGURES;

    fn rank(text: &str) -> Result<Rank, ConfigError> {
        Rank::of_document(&Document::new("s.toml", text).unwrap())
    }

    #[test]
    fn conditions_are_over_figures() {
        let rank =
            rank("[rank]\nmetric = \"cagr\"\nrequire = [\"max_drawdown < 0.5\", \"fills >= 10\"]").unwrap();
        let mut figures = [0.0; FIGURES.len()];
        figures[Metric::FILLS.column()] = 10.0;
        assert!(rank.require.iter().all(|(_, condition)| condition.holds(&figures)));
        figures["max_drawdown".parse::<Metric>().unwrap().column()] = f64::NAN;
        assert!(!rank.require[0].1.holds(&figures), "an absent figure fulfils nothing");
        assert_eq!(rank.name(), "cagr");
    }

    #[test]
    fn unknown_figures_are_named() {
        assert!(rank("[rank]\nmetric = \"sharp\"").unwrap_err().message.contains("did you mean 'sharpe'"));
        let error = rank("[rank]\nrequire = [\"drawdown < 1\"]").unwrap_err();
        assert!(error.location.starts_with("s.toml:2:13"), "{error}");
    }

    #[test]
    fn nothing_is_ranked_by_a_date() {
        for text in ["metric = \"ruined_on\"", "require = [\"sharpe > 0 and ruined_on > 5\"]"] {
            let error = rank(&format!("[rank]\n{text}")).unwrap_err();
            assert!(error.message.contains("'ruined_on' is a date"), "{error}");
        }
    }

    #[test]
    fn ruined_points_stand_after_all_that_have_figures() {
        let rank = rank("[rank]\nrequire = [\"fills > 0\"]").unwrap();
        let point = |sharpe, fills, ruined_on| {
            let mut figures = [0.0; FIGURES.len()];
            figures[Metric::SHARPE.column()] = sharpe;
            figures[Metric::FILLS.column()] = fills;
            figures[Metric::RUINED_ON.column()] = ruined_on;
            rank.standing(&figures)
        };
        let absent = f64::NAN;
        let best_first = [
            point(0.5, 4.0, absent),
            point(-3.0, 4.0, absent),
            point(2.0, 0.0, absent),
            point(absent, 4.0, absent),
            point(9.0, 4.0, 19_000.0),
            rank.standing(&[absent; FIGURES.len()]),
        ];
        assert!(best_first.array_windows().all(|[a, b]| a.compare(b) == Ordering::Greater));
        assert_eq!(best_first.map(|standing| standing.qualifies()), [true, true, false, false, false, false]);
        let ruined = point(absent, 4.0, 18_000.0);
        assert_eq!(best_first[4].compare(&ruined), Ordering::Equal, "their figures mean nothing");
    }
}
