//! How results are ranked: by which figure, and which of them qualify.

use std::cmp::Ordering;

use super::keys::{self, SWEEP};
use crate::config::document::Document;
use crate::config::error::ConfigError;
use crate::config::fields::Field;
use crate::formula::condition::Condition;
use crate::stats::better::Better;
use crate::strategy::figures::{Metric, NAMES, PointFigures, UnknownMetric};
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
    /// Whether it fulfils every condition and has the figure.
    pub qualifies: bool,
    is_known: bool,
    /// The figure, more is better; NaN is absent.
    pub value: f64,
}

impl Standing {
    /// The better one is the greater. Equal ones are for the order of the points to decide.
    pub(crate) fn compare(&self, other: &Standing) -> Ordering {
        let key = |standing: &Standing| (standing.qualifies, standing.is_known);
        key(self).cmp(&key(other)).then_with(|| self.value.total_cmp(&other.value))
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

    /// Where a point with these figures stands: first whether it qualifies, fulfilling every condition and having the figure
    /// ranked by; then whether it has that figure; then the figure, its sign turned if less of it is better.
    pub(crate) fn standing(&self, figures: &PointFigures) -> Standing {
        let figure = figures[self.metric.column()];
        let value = match self.metric.figure().better {
            Better::High => figure,
            Better::Low => -figure,
        };
        let is_known = !value.is_nan();
        let qualifies = is_known && self.require.iter().all(|(_, condition)| condition.holds(figures));
        Standing { qualifies, is_known, value }
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
    Ok((text.to_owned(), condition))
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
}
