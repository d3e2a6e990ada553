//! `leaderboard.csv`: all points in the order of their rank, with the figures of their plateaus.

use std::io::{self, Write};

use rayon::prelude::*;

use super::RankedSweep;
use super::break_even::BreakEven;
use crate::strategy::figures::{self, FIGURES};
use crate::sweep::row::{push_figure, push_number, push_text};

/// Rows that are written at a time.
const BLOCK: usize = 65_536;
/// Rows that a thread formats at a time.
const CHUNK: usize = 1024;

/// Writes the table with the columns `rank`, `plateau_rank`, `point`, the axes, `status`, `qualifies`, the figures, the figures
/// of the plateau, and the break-even if costs are an axis.
///
/// # Errors
/// The writer fails.
pub(crate) fn write(
    ranked: &RankedSweep,
    break_even: Option<&BreakEven>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let RankedSweep { plan, table, board, .. } = ranked;
    let axes = plan.sweep.space.axes.iter().map(|axis| axis.name.as_str());
    let mut header = String::from("rank,plateau_rank,point");
    let plateau = ["plateau_score", "plateau_median", "plateau_coverage", "plateau_spike", "edge"];
    for name in axes.chain(["status", "qualifies"]).chain(figures::NAMES).chain(plateau) {
        header.push(',');
        push_text(&mut header, name);
    }
    header.push_str(if break_even.is_some() { ",break_even\n" } else { "\n" });
    out.write_all(header.as_bytes())?;
    let plateau_ranks = plateau_ranks(ranked);
    let line = |text: &mut String, index: usize| {
        let row = board.order[index] as usize;
        let point = table.points[row];
        text.push_str(&format!("{},", index + 1));
        if let Some(rank) = plateau_ranks.get(row).filter(|rank| **rank > 0) {
            text.push_str(&rank.to_string());
        }
        text.push_str(&format!(",{point}"));
        for value in plan.sweep.space.values(point) {
            text.push(',');
            push_text(text, &value.plain());
        }
        text.push_str(if table.failed[row] { ",failed," } else { ",ok," });
        text.push_str(if board.qualifies[row] { "true" } else { "false" });
        for (figure, column) in FIGURES.iter().zip(&table.figures) {
            text.push(',');
            push_figure(text, figure, column[row]);
        }
        let plateau = board.plateaus.get(row);
        let around = plateau.and_then(|plateau| plateau.figures.as_ref());
        let absent = f64::NAN;
        for number in [
            around.map_or(absent, |figures| figures.score),
            around.map_or(absent, |figures| figures.median),
            plateau.map_or(absent, |plateau| plateau.coverage),
            around.and_then(|figures| figures.spike).unwrap_or(absent),
        ] {
            text.push(',');
            push_number(text, number);
        }
        text.push_str(match plateau.map(|plateau| plateau.edge) {
            Some(true) => ",true",
            Some(false) => ",false",
            None => ",",
        });
        if let Some(break_even) = break_even {
            text.push(',');
            push_number(text, break_even.costs[row].unwrap_or(absent));
        }
        text.push('\n');
    };
    for start in (0..board.order.len()).step_by(BLOCK) {
        let block: Vec<usize> = (start..(start + BLOCK).min(board.order.len())).collect();
        let chunk = |indices: &[usize]| {
            let mut text = String::new();
            indices.iter().for_each(|&index| line(&mut text, index));
            text
        };
        let texts: Vec<String> = block.par_chunks(CHUNK).map(chunk).collect();
        texts.iter().try_for_each(|text| out.write_all(text.as_bytes()))?;
    }
    Ok(())
}

/// The rank of each row by the score of its plateau, from 1; 0 for a row that does not qualify or has no score.
fn plateau_ranks(ranked: &RankedSweep) -> Vec<u32> {
    let RankedSweep { board, .. } = ranked;
    let mut scored: Vec<(f64, usize)> = board
        .plateaus
        .iter()
        .enumerate()
        .filter(|(row, _)| board.qualifies[*row])
        .filter_map(|(row, plateau)| Some((plateau.score()?, row)))
        .collect();
    scored.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
    let mut ranks = vec![0; board.plateaus.len()];
    for (rank, (_, row)) in scored.into_iter().enumerate() {
        ranks[row] = rank as u32 + 1;
    }
    ranks
}
