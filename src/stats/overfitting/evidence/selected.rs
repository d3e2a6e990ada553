//! The selected trial: its Sharpe ratio, and skewness and kurtosis of its returns.

use super::finding::{Field, Finding, Line, Reader, Value, line, object};
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::sharpe::TrialFigures;
use crate::text::quoted;

/// Number of characters of the trial's name that are shown.
const NAME_LIMIT: usize = 100;

/// The selected trial.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Selected {
    /// Its figures.
    pub figures: TrialFigures,
    /// Number of returns of every trial.
    pub periods: usize,
}

impl Finding for Option<Selected> {
    const OF_SELECTED: bool = false;

    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<Selected> {
        material.selected.map(|figures| Selected { figures, periods: material.periods })
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let Some(Selected { figures, periods }) = self else {
            return vec![line("no trial moves", String::new())];
        };
        let trial: String = quoted::text(reader.trial).chars().take(NAME_LIMIT).collect();
        let TrialFigures { sharpe, skew, kurtosis, .. } = figures;
        let text = format!(
            "{trial}: Sharpe ratio {:.2} a year ({} periods), {sharpe:.4} a period; \
             {periods} periods, skew {skew:.2}, kurtosis {kurtosis:.1}",
            sharpe * reader.root(),
            reader.periods_per_year
        );
        vec![line("selected", text)]
    }

    fn fields(&self, trial: &str) -> Vec<Field> {
        let fields = |Selected { figures, .. }: &Selected| {
            [
                ("trial", Value::Text(trial.to_owned())),
                ("sharpe", Value::Number(figures.sharpe)),
                ("skew", Value::Number(figures.skew)),
                ("kurtosis", Value::Number(figures.kurtosis)),
            ]
        };
        vec![("selected", object(self.as_ref(), fields))]
    }
}
