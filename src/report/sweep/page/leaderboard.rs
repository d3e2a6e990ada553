//! A table of the best points, which a reader can sort and filter.

use maud::{Markup, html};

use super::SweepPage;
use crate::report::page::parts::{TableColumn, TableRow, command, sortable};
use crate::report::sweep::metric::{heading, short, shown, text, value_text};
use crate::strategy::figures::Metric;
use crate::text::number::whole;

/// The most rows of the table: a page must fit into a mail.
const ROWS_MOST: usize = 1000;
/// The most rows on paper.
const PRINTED: usize = 50;

/// What the last column says.
const EQUAL: &str = "Whether the point cannot be told from the best trial";

/// The section: the best points, and the centre of the plateau if it is not among them.
pub(crate) fn leaderboard(page: &SweepPage) -> Markup {
    let board = page.ranked.board;
    let all = board.order.len();
    let mut indices: Vec<usize> = (0..all.min(ROWS_MOST)).collect();
    let centre =
        board.plateau_best.and_then(|row| board.order.iter().position(|other| *other as usize == row));
    indices.extend(centre.filter(|index| *index >= ROWS_MOST));
    let rows: Vec<TableRow> = indices.iter().map(|index| row(page, *index)).collect();
    let columns = columns(page);
    let axis =
        page.ranked.plan.sweep.space.axes.first().map_or(Metric::SHARPE.name(), |axis| axis.name.as_str());
    let hint = format!(
        "for instance: {axis} = {} {} > 0",
        rows.first().map_or("1", |row| &row.cells[2]),
        page.ranked.rank.name()
    );
    let first = board.order.first().map(|row| page.ranked.table.points[*row as usize]);
    let count = |count: usize| whole(count as f64);
    html! {
        p.soft {
            @if all > ROWS_MOST {
                "The best " (count(ROWS_MOST)) " of " (count(all)) " points" @if rows.len() > ROWS_MOST { ", and the plateau centre" }
                "; all stand in leaderboard.csv. "
            } @else { "All " (count(all)) " points. " }
            @if page.equals().is_some() { "Equal: the point cannot be told from the best trial. " }
            "Bold: the best. Shaded: the plateau centre. Grey: does not qualify, or was ruined."
        }
        (sortable("points", "Leaderboard", &columns, &rows, &hint))
        @if let Some(point) = first {
            p.soft { "A row again, where the sweep was run (tap a row for its command; add " code { "--report page.html" } " for its tear sheet):" }
            div data-commands-of="points" { (command(&page.command(point))) }
        }
    }
}

fn columns(page: &SweepPage) -> Vec<TableColumn> {
    let ranked = page.ranked;
    let column = |heading: &str, name: &str, number| TableColumn {
        heading: heading.to_owned(),
        name: name.to_owned(),
        number,
        title: "",
    };
    let mut columns = vec![column("rank", "rank", true), column("point", "point", true)];
    let axes = ranked.plan.sweep.space.axes.iter();
    columns.extend(axes.map(|axis| column(&short(&axis.name), &axis.name, axis.values.is_ordered())));
    columns.extend(
        shown(ranked.rank.metric).into_iter().map(|metric| column(heading(metric), metric.name(), true)),
    );
    columns.extend(page.break_even.map(|_| column("break-even", "break_even", true)));
    columns.push(column("plateau", "plateau", true));
    columns.extend(page.equals().map(|_| TableColumn { title: EQUAL, ..column("equal", "equal", false) }));
    columns
}

/// The row of a point by its index in the order of the leaderboard.
fn row(page: &SweepPage, index: usize) -> TableRow {
    let super::RankedSweep { plan, table, rank, board } = page.ranked;
    let row = board.order[index] as usize;
    let point = table.points[row];
    let mut cells = vec![(index + 1).to_string(), point.to_string()];
    cells.extend(plan.sweep.space.values(point).iter().map(|value| short(&value_text(value))));
    cells.extend(shown(rank.metric).into_iter().map(|metric| text(metric, table.values(metric)[row])));
    if let Some(break_even) = page.break_even {
        cells.push(break_even.costs[row].map_or("-".to_owned(), |cost| format!("{cost:.5}")));
    }
    let score = board.plateaus.get(row).and_then(|plateau| plateau.score());
    cells.push(score.map_or("-".to_owned(), |score| text(rank.metric, score)));
    if let Some(equals) = page.equals() {
        cells.push(if equals.points.binary_search(&point).is_ok() { "yes" } else { "" }.to_owned());
    }
    let class = match row {
        row if board.best() == Some(row) && board.plateau_best == Some(row) => "best plateau",
        row if board.best() == Some(row) => "best",
        row if board.plateau_best == Some(row) => "plateau",
        row if !board.qualifies[row] => "unqualified",
        _ if index >= PRINTED => "rest",
        _ => "",
    };
    TableRow { cells, class, command: page.command(point) }
}
