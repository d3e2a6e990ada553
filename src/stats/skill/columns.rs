//! Columns of returns that anybody made, without weights: held against fixed positions in given assets, a benchmark, or cash.

use rayon::prelude::*;

use super::decision::{CHANGES_LEAST, Evidence, Null, Verdict, decide};
use super::examination::{Choice, Examination, Looked, Material, Others, examine};
use super::overlap::overlap_guards;
use super::pass::{Pass, SESSIONS_LEAST};
use super::passive::moves;
use super::record::Record;
use super::regression::{Explained, Regression};
use super::scales::{Buckets, UsedScale, of_days, of_rows};
use crate::stats::overfitting::block_sums::BlockSums;
use crate::summation::mean;

/// Parts that columns are divided into, so that few maxima are in memory at a time.
const PARTS: usize = 64;

/// What the columns are held against.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Against<'a> {
    /// Nothing.
    Cash,
    /// The returns of a benchmark.
    Benchmark(&'a [f64]),
    /// The fixed positions in some assets that are most like each column.
    Assets(Regression),
}

impl Against<'_> {
    /// Its kind.
    pub(crate) fn null(&self) -> Null {
        match self {
            Against::Cash => Null::Cash,
            Against::Benchmark(_) => Null::Benchmark,
            Against::Assets(_) => Null::Holding,
        }
    }

    /// What a column earned beyond it, and the position in each asset; all 0 where nothing moves.
    fn explain(&self, returns: &[f64]) -> (Explained, bool) {
        let mut found = match self {
            Against::Cash => Explained { residuals: returns.to_vec(), positions: Vec::new() },
            Against::Benchmark(benchmark) => {
                let residuals = returns.iter().zip(*benchmark).map(|(x, held)| x - held).collect();
                Explained { residuals, positions: Vec::new() }
            }
            Against::Assets(regression) => regression.explain(returns),
        };
        let moves = moves(&found.residuals, returns);
        if !moves {
            found.residuals.fill(0.0);
        }
        (found, moves)
    }
}

/// Columns to be examined.
pub(crate) struct Columns<'c> {
    /// The trials that count, of one length.
    pub trials: &'c [&'c [f64]],
    /// The index of the selected one.
    pub selected: Option<usize>,
    /// What they are held against.
    pub against: &'c Against<'c>,
    /// The day of each row, ascending, where dates are known.
    pub days: Option<&'c [i64]>,
    /// The number of blocks of cross-validation and their length; `None` where there are too few rows.
    pub blocks: Option<[usize; 2]>,
    /// Rows of a year.
    pub periods: f64,
}

/// What the selected column earned.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct SelectedColumn {
    /// Its mean return.
    pub mean: f64,
    /// Its mean beyond what it is held against; 0 where nothing moves.
    pub beyond: f64,
    /// Its position in each asset.
    pub positions: Vec<f64>,
    /// Whether it moves enough beside what it is held against to be judged.
    pub moves: bool,
}

/// What was found of columns.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ExaminedColumns {
    /// All figures.
    pub examination: Examination,
    /// The selected column.
    pub selected: Option<SelectedColumn>,
    /// What they were held against.
    pub null: Null,
    /// The verdict.
    pub verdict: Verdict,
}

/// The scales of a sample, and the buckets of its rows.
struct Sample {
    scales: Vec<UsedScale>,
    buckets: Buckets,
}

impl Sample {
    fn new(days: Option<&[i64]>, rows: usize) -> Sample {
        let Some(days) = days else {
            let scales = of_rows(rows);
            return Sample { buckets: Buckets::of_rows(&scales, rows), scales };
        };
        let scales = if rows < SESSIONS_LEAST { Vec::new() } else { of_days(days) };
        Sample { buckets: Buckets::of_days(&scales, days), scales }
    }
}

/// What a pass keeps of some columns.
struct Part {
    pass: Pass,
    looked: Vec<Looked>,
    sums: Vec<f64>,
}

fn look(columns: &Columns, sample: &Sample, trials: &[&[f64]]) -> Part {
    let mut part = Part { pass: Pass::new(sample.scales.len()), looked: Vec::new(), sums: Vec::new() };
    let mut sums = columns.blocks.map(|[blocks, length]| BlockSums { blocks, length, sums: Vec::new() });
    for returns in trials {
        let (Explained { residuals, .. }, moves) = columns.against.explain(returns);
        let mut statistics = part.pass.add(&residuals, &sample.buckets, |_, _| {});
        for (statistic, guard) in statistics.iter_mut().zip(overlap_guards(&residuals, &sample.buckets)) {
            // What the rows say less, their mean is known less well by.
            statistic.own *= guard;
            statistic.guarded *= guard;
            if guard > 0.0 {
                statistic.unit /= guard;
            }
        }
        let ratio = Record::new(&residuals).map_or(0.0, |record| record.figures.sharpe);
        part.looked.push(Looked { statistics, mean: mean(returns), edge: mean(&residuals), ratio, moves });
        sums.iter_mut().for_each(|sums| sums.push(&residuals));
    }
    part.sums = sums.map_or(Vec::new(), |sums| sums.sums);
    part
}

/// Examines columns. No result depends on the number of threads.
pub(crate) fn examine_columns(columns: &Columns) -> ExaminedColumns {
    let Columns { trials, selected, against, days, periods, .. } = *columns;
    let rows = trials.first().map_or(0, |column| column.len());
    let sample = Sample::new(days, rows);
    let parts: Vec<Part> = trials
        .par_chunks(trials.len().div_ceil(PARTS).max(1))
        .map(|trials| look(columns, &sample, trials))
        .collect();
    let mut pass = Pass::new(sample.scales.len());
    let mut looked = Vec::with_capacity(trials.len());
    let mut sums = Vec::new();
    for part in parts {
        pass.join(&part.pass);
        looked.extend(part.looked);
        sums.extend(part.sums);
    }
    let block_sums = columns.blocks.map(|[blocks, length]| BlockSums { blocks, length, sums });
    let explained = selected.map(|selected| against.explain(trials[selected]));
    let choice = selected.zip(explained.as_ref()).map(|(index, (explained, _))| Choice {
        index,
        residuals: &explained.residuals,
        buckets: &sample.buckets,
    });
    let mut examination = examine(&Material {
        trials: &looked,
        scales: &sample.scales,
        pass: &pass,
        family: &Others::default(),
        folder: None,
        look: 1,
        uncounted: 0,
        choice,
        block_sums: block_sums.as_ref(),
        sessions: rows,
        periods,
    });
    if let Some((found, (explained, _))) = examination.selected.as_mut().zip(explained.as_ref()) {
        // What can be seen is larger by as much as the rows say less.
        let guard = overlap_guards(&explained.residuals, &sample.buckets).first().copied();
        let guard = guard.filter(|guard| *guard > 0.0).unwrap_or(1.0);
        found.detectable_ratio.iter_mut().for_each(|ratio| *ratio /= guard);
        found.detectable_edge.iter_mut().for_each(|edge| *edge /= guard);
    }
    let verdict = decide(&evidence(&examination)).against(against.null());
    let selected = selected.zip(explained).map(|(index, (explained, moves))| SelectedColumn {
        mean: mean(trials[index]),
        beyond: mean(&explained.residuals),
        positions: explained.positions,
        moves,
    });
    ExaminedColumns { examination, selected, null: against.null(), verdict }
}

/// What the rule looks at. Nobody knows the decisions behind such returns, or what was seen before.
fn evidence(found: &Examination) -> Evidence {
    let selected = found.selected.as_ref();
    Evidence {
        sessions: found.sessions,
        changes: Some(CHANGES_LEAST),
        changes_of_best: None,
        p_best: found.p_best(),
        p_selected: selected.and_then(|selected| selected.p).unwrap_or(1.0),
        p_alone: selected.and_then(|selected| selected.p_alone).unwrap_or(1.0),
        overfitting: found.splits.as_ref().map(|splits| splits.overfitting_probability),
        look: 1,
        unseen: None,
        placebo: None,
        walk_forward_lost: false,
    }
}
