//! Evidence from histories in which every part of the time has the returns of the trial that was best on the rest.

use super::finding::{Field, Finding, Line, Reader, Value, line, object};
use crate::stats::overfitting::material::{Material, Settings};
use crate::stats::overfitting::rechosen::{Rechosen, rechosen};

impl Finding for Option<Rechosen> {
    fn find(material: &Material, _: &Settings, _: &mut Vec<String>) -> Option<Rechosen> {
        material.block_sums.as_ref().ok().and_then(|sums| rechosen(sums))
    }

    fn lines(&self, reader: &Reader) -> Vec<Line> {
        let text = |rechosen: &Rechosen| {
            let text = format!(
                "Sharpe ratio {:.2} a year, {:.2} at the 5 % quantile, {:.0} % below 0: {} histories of {} choices",
                rechosen.mean * reader.root(),
                rechosen.low * reader.root(),
                100.0 * rechosen.negative,
                rechosen.sharpes.len(),
                rechosen.splits
            );
            line("rechosen", text)
        };
        self.iter().map(text).collect()
    }

    fn fields(&self, _: &str) -> Vec<Field> {
        let fields = |rechosen: &Rechosen| {
            [
                ("splits", Value::Whole(rechosen.splits as u64)),
                ("histories", Value::Whole(rechosen.sharpes.len() as u64)),
                ("sharpe_mean", Value::Number(rechosen.mean)),
                ("sharpe_low", Value::Number(rechosen.low)),
                ("share_negative", Value::Number(rechosen.negative)),
            ]
        };
        vec![("rechosen", object(self.as_ref(), fields))]
    }
}
