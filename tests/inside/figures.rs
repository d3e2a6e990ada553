//! Every figure and every piece of evidence has one home, and the tables of `docs/statistics.md` are what the rows say.

use crate::stats::better::Better;
use crate::stats::overfitting::evidence::Findings;
use crate::strategy::figures::{BENCHMARK_FIGURES, FIGURES, Figure, FigureKind};

use crate::inside::documentation::check_generated;
use crate::inside::homes::Program;
use crate::inside::support::{files_of, project};

/// Names that are words of another language as well: a section and a column of pages, a table of the strategy file.
const WORDS: [&str; 2] = ["fills", "alpha"];
/// Where the rows stand.
const HOME: &str = "src/strategy/figures.rs";
/// Where the tests of the verdict stand, a file each.
const EVIDENCE: &str = "src/stats/overfitting/evidence";

#[test]
fn a_figure_is_named_in_one_source_file() {
    let mut program = Program::read();
    // The keys of a trial among many, whose figures are per period, are a piece of evidence's own; formulas have a language of
    // their own.
    program.retain(|path| [EVIDENCE, "src/formula"].iter().all(|folder| !path.starts_with(folder)));
    for Figure { name, .. } in FIGURES.iter().chain(BENCHMARK_FIGURES) {
        if !WORDS.contains(name) {
            program.check_home(HOME, name);
        }
    }
}

#[test]
fn a_list_names_every_file_of_evidence() {
    let folder = project(EVIDENCE);
    for path in files_of(&folder, &[".rs"]) {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let is_known =
            Findings::NAMES.contains(&name.as_str()) || ["mod", "finding"].contains(&name.as_str());
        assert!(is_known, "{name}.rs stands in no list");
    }
}

#[test]
fn the_tables_of_figures_are_those_of_the_program() {
    check_generated("statistics.md", "figures of a backtest", &table(FIGURES, true));
    check_generated("statistics.md", "figures beside a benchmark", &table(BENCHMARK_FIGURES, false));
}

/// The rows of figures; with how sweeps rank by them, if they can.
fn table(figures: &[Figure], is_ranked: bool) -> String {
    let mut heads = vec!["Key", "Figure", "Formula", "Unit", "Undefined (`null`) or infinite", "Source"];
    if is_ranked {
        heads.insert(4, "Ranked");
    }
    let line = |cells: &[&str]| cells.iter().map(|cell| format!("| {cell} ")).collect::<String>() + "|\n";
    let mut out = line(&heads) + &"|---".repeat(heads.len()) + "|\n";
    for Figure { name, definition, unit, better, edge_cases, source, kind, .. } in figures {
        let (formula, symbols) = match definition.formula.split_once("; ") {
            Some((formula, symbols)) => (formula, format!("; {symbols}")),
            None => (definition.formula, String::new()),
        };
        let key = format!("`{name}`");
        let meaning = format!("**{}.** {}", definition.name, definition.meaning);
        let formula = format!("`{}`{symbols}", formula.replace('|', "\\|"));
        let mut cells = vec![&key[..], &meaning, &formula, unit, edge_cases, source];
        if is_ranked {
            cells.insert(
                4,
                match better {
                    _ if *kind == FigureKind::Date => "no",
                    Better::High => "most first",
                    Better::Low => "least first",
                },
            );
        }
        out += &line(&cells).replace("|  |", "| |").replace("|  |", "| |");
    }
    out
}
