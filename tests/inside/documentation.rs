//! The documentation, held against the program: formulas and strategies in it parse, values it shows are computed, no name is
//! missing. Reference parts are generated from the program. Judges no prose.

mod examples;
mod keys;
mod operators;
mod presets;

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};

use crate::engine::conventions::{Conventions, PRESETS};
use crate::formula::evaluate::{Evaluator, Policy};
use crate::formula::evaluation::Scratch;
use crate::formula::frame::FirstDay;
use crate::formula::kernel::days::Readiness;
use crate::formula::node::Formula;
use crate::formula::operator::Argument;
use crate::formula::operators as language;
use crate::formula::words::KEYWORDS;
use crate::market::calendar::Calendar;
use crate::market::columns::{Column, Columns};
use crate::market::date::{Date, Phase};
use crate::market::decisions::Decisions;
use crate::market::input::folder::csv;
use crate::market::prices::{Market, PriceAdjustment};
use crate::market::universe::{Tenure, Universe};
use crate::report::json;
use crate::strategy::definition::Strategy;
use crate::strategy::run::run;
use serde_json::Value;

use crate::inside::support::{files_of, program, project};

fn document(name: &str) -> String {
    fs::read_to_string(project("docs").join(name)).expect("the document is there")
}

/// The fenced blocks of a language: the number of the first line inside, and the lines.
fn blocks(text: &str, language: &str) -> Vec<(usize, String)> {
    let fence = format!("```{language}");
    let mut blocks = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in text.lines().enumerate() {
        match &mut open {
            None if line.trim() == fence => open = Some((number + 2, String::new())),
            Some(_) if line.trim() == "```" => blocks.extend(open.take()),
            Some((_, block)) => *block += &format!("{line}\n"),
            None => {}
        }
    }
    blocks
}

#[test]
fn every_formula_parses() {
    let mut count = 0;
    for path in files_of(&project("docs"), &[".md"]) {
        let text = fs::read_to_string(&path).unwrap();
        for (line, block) in blocks(&text, "formula") {
            let (parameters, formula) = match block.strip_prefix("# parameters:") {
                Some(rest) => rest.split_once('\n').unwrap(),
                None => ("", block.as_str()),
            };
            let parameters: Vec<String> = parameters
                .split(',')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect();
            let parsed = Formula::new(formula, &parameters)
                .unwrap_or_else(|error| panic!("{}:{line}: {error}", path.display()));
            let unused = parameters.iter().zip(&parsed.uses_parameter).find(|(_, used)| !**used);
            assert!(unused.is_none(), "{}:{line}: unused parameter {unused:?}", path.display());
            count += 1;
        }
    }
    assert!(count >= 10, "found {count} formulas");
}

/// The rows of a table of three columns under a heading of `docs/coming-from.md`: what other tools write, what is written here.
fn rows_of_coming_from(text: &str, title: &str) -> Vec<(String, String)> {
    let (_, rest) = text.split_once(&format!("\n## {title}\n")).expect("the page has the heading");
    let section = rest.split("\n## ").next().expect("a text has a first part");
    let mut lines = section.lines().filter(|line| line.starts_with('|'));
    assert_eq!(lines.next(), Some(format!("| {title} | Here | Remark |").as_str()));
    lines
        .skip(1)
        .map(|line| {
            let [_, there, here, _, _] = line.split('|').collect::<Vec<_>>()[..] else {
                panic!("docs/coming-from.md: not three columns: {line}")
            };
            let code = here.trim().strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
            let formula =
                code.filter(|formula| !formula.contains('`')).expect("one formula stands on the right");
            (there.trim().to_owned(), formula.to_owned())
        })
        .collect()
}

#[test]
fn every_formula_for_those_who_come_from_another_tool_parses() {
    let text = document("coming-from.md");
    for (title, least) in [("pandas", 30), ("TA-Lib", 30), ("Pine", 25), ("qlib", 20)] {
        let rows = rows_of_coming_from(&text, title);
        assert!(rows.len() >= least, "{title}: {} rows", rows.len());
        for (place, (there, here)) in rows.iter().enumerate() {
            assert!(!rows[..place].iter().any(|(known, _)| known == there), "{title}: {there} stands twice");
            // A name of groups is a name like another to the checker of a formula.
            Formula::new(here, &["sector".to_owned()])
                .unwrap_or_else(|error| panic!("docs/coming-from.md: {there}: {here}: {error}"));
        }
    }
}

#[test]
fn every_formula_of_the_readme_parses() {
    let text = fs::read_to_string(project("README.md")).unwrap();
    let (_, table) = text.split_once("| `weights =` |\n").expect("the table of formulas");
    let parameters = ["fast", "slow", "n", "k"].map(str::to_owned);
    let rows = table.lines().skip(1).take_while(|line| line.starts_with('|'));
    let formulas: Vec<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
    assert!(formulas.len() > 3, "found {formulas:?}");
    for formula in formulas {
        Formula::new(formula, &parameters).unwrap_or_else(|error| panic!("README.md: {formula}: {error}"));
    }
}

/// Holds a part of a document between `<!-- mark -->` and `<!-- end -->` to what the program writes there. With
/// `BACKTEST_WRITE_DOCS` it is written.
pub fn check_generated(name: &str, mark: &str, written: &str) {
    static WRITING: Mutex<()> = Mutex::new(());
    let _one_at_a_time = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    let text = document(name);
    let (before, rest) = text
        .split_once(&format!("<!-- {mark} -->\n"))
        .unwrap_or_else(|| panic!("docs/{name} has no place for '{mark}'"));
    let (there, after) = rest.split_once("<!-- end -->").expect("the place has an end");
    if std::env::var_os("BACKTEST_WRITE_DOCS").is_some() {
        let text = format!("{before}<!-- {mark} -->\n{written}<!-- end -->{after}");
        // Other tests may be reading it.
        let (whole, path) = (project("docs").join(format!(".{name}")), project("docs").join(name));
        fs::write(&whole, text).expect("the folder can be written to");
        return fs::rename(whole, path).expect("the document can be replaced");
    }
    let hint = "write it anew with BACKTEST_WRITE_DOCS=1 cargo test";
    assert!(there == written, "docs/{name}, '{mark}': not what the program says; {hint}");
}

/// The words of the language, for a fuzzer: every operator with its first argument where that is a ticker.
#[test]
fn the_fuzzer_knows_every_word() {
    let mut words: Vec<String> = Vec::new();
    for operator in language::all() {
        let name = operator.name;
        words.extend(match operator.arguments.first() {
            None => vec![format!("{name}()")],
            Some(Argument::Ticker { .. }) => ["A", "C", "D"].map(|t| format!("{name}(\\\"{t}\\\",")).to_vec(),
            Some(Argument::Weights { .. }) => ["A", "D"].map(|ticker| format!("{name}({ticker}=")).to_vec(),
            Some(_) => vec![format!("{name}(")],
        });
    }
    words.extend(KEYWORDS.map(|word| if word == "not" { "not ".to_owned() } else { format!(" {word} ") }));
    words.extend(Column::shown().map(|column| column.name().to_owned()));
    words.extend(["<=", "==", "!=", "1e300", "1e-300"].map(str::to_owned));
    let written: String = words.iter().map(|word| format!("\"{word}\"\n")).collect();
    let path = project("fuzz/formula.dict");
    if std::env::var_os("BACKTEST_WRITE_DOCS").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert_eq!(fs::read_to_string(path).unwrap(), written, "write it anew with BACKTEST_WRITE_DOCS=1");
}

#[test]
fn every_word_and_series_is_described() {
    let text = document("formula.md");
    let has_line = |start: &str| text.lines().any(|line| line.starts_with(start));
    for name in Column::shown().map(Column::name).chain(KEYWORDS) {
        assert!(has_line(&format!("| `{name}` |")), "docs/formula.md has no table row for '{name}'");
    }
}

#[test]
fn every_convention_is_described_with_its_presets() {
    let text = document("conventions.md");
    for (place, field) in Conventions::FIELDS.iter().enumerate() {
        let (_, rest) = text
            .split_once(&format!("\n### `{field}`"))
            .unwrap_or_else(|| panic!("docs/conventions.md has no heading for '{field}'"));
        let section = rest.split("\n#").next().unwrap();
        for choice in Conventions::choices(field).unwrap() {
            for (preset, conventions) in PRESETS {
                let row = format!("| `{choice}` | `{preset}` |");
                let is_its_choice = conventions.named()[place].1 == choice;
                assert_eq!(section.contains(&row), is_its_choice, "{field}: {row}");
            }
        }
    }
}

#[test]
fn every_strategy_parses() {
    let mut count = 0;
    for path in files_of(&project("docs"), &[".md"]) {
        let text = fs::read_to_string(&path).unwrap();
        // The cookbook shows parts of files.
        let is_whole = |block: &str| block.contains("[alpha]") && block.contains("[period]");
        for (line, block) in blocks(&text, "toml").into_iter().filter(|(_, block)| is_whole(block)) {
            let place = format!("{}:{line}", path.display());
            if let Err(error) = Strategy::parse(&place, &block, &project("strategies"), &[]) {
                panic!("{error}");
            }
            count += 1;
        }
    }
    assert!(count > 0);
}

/// What the command prints on its two outputs, run in a folder.
fn printed(folder: &Path, arguments: &str) -> String {
    let result = Command::new(program())
        .args(arguments.split_whitespace())
        .current_dir(folder)
        .output()
        .expect("the command was built with the tests");
    [result.stdout, result.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat()
}

#[test]
fn outputs_shown_of_what_ships_are_real() {
    let folder = tempfile::tempdir().unwrap();
    let (strategies, prices) = (folder.path().join("strategies"), folder.path().join("data/prices"));
    fs::create_dir_all(&strategies).unwrap();
    fs::create_dir_all(&prices).unwrap();
    for file in files_of(&project("data/prices"), &[".csv"]) {
        fs::copy(&file, prices.join(file.file_name().unwrap())).unwrap();
    }
    let strategy_file = document("strategy-file.md");
    fs::write(strategies.join("trend.toml"), &blocks(&strategy_file, "toml")[0].1).unwrap();
    let mut count = 0;
    for (name, text) in [("strategy-file.md", &strategy_file), ("prices.md", &document("prices.md"))] {
        for (line, block) in blocks(text, "text") {
            for shown in block.split("$ backtest ").skip(1) {
                let (arguments, output) = shown.split_once('\n').unwrap();
                if ["strategies/trend.toml", "data/prices"].iter().any(|shipped| arguments.contains(shipped))
                {
                    assert_eq!(printed(folder.path(), arguments), output, "docs/{name}:{line}");
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 4);
}

#[test]
fn the_tear_sheet_of_the_readme_is_real() {
    let readme = fs::read_to_string(project("README.md")).unwrap();
    let shown =
        blocks(&readme, "text").into_iter().find(|(_, block)| block.starts_with("momentum: Each")).unwrap();
    assert_eq!(printed(&project(""), "run strategies/momentum.toml --quiet"), shown.1);
}

#[test]
fn the_sweep_of_the_readme_is_real() {
    let readme = fs::read_to_string(project("README.md")).unwrap();
    let shown = blocks(&readme, "text")
        .into_iter()
        .find(|(_, block)| block.starts_with("momentum: 48 of 48"))
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let results = folder.path().to_str().unwrap();
    let swept = printed(&project(""), &format!("sweep run sweeps/momentum.toml --results {results} --quiet"));
    assert_eq!(printed(&project(""), &format!("sweep aggregate {results} --top 5 --quiet")), shown.1);
    let file = "heatmap-top_n-lookback.svg";
    let drawn = Path::new(swept.trim()).join("aggregate").join(file);
    assert!(
        fs::read(drawn).unwrap() == fs::read(project("docs/images").join(file)).unwrap(),
        "the picture shown is real"
    );
}

/// The anchor of a heading, as GitHub and most renderers make it.
fn anchor(heading: &str) -> String {
    let kept = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    heading
        .trim_start_matches('#')
        .trim()
        .to_lowercase()
        .chars()
        .filter(|c| kept(*c))
        .collect::<String>()
        .replace(' ', "-")
}

#[test]
fn every_link_leads_somewhere() {
    let anchors = |name: &str| -> Vec<String> {
        document(name).lines().filter(|line| line.starts_with('#')).map(anchor).collect()
    };
    let mut count = 0;
    for path in files_of(&project("docs"), &[".md"]) {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        for rest in document(&name).split("](").skip(1) {
            let target = rest.split(')').next().unwrap();
            let (file, heading) = target.split_once('#').unwrap_or((target, ""));
            let file = if file.is_empty() { &name } else { file };
            assert!(project("docs").join(file).is_file(), "docs/{name} links to {target}");
            assert!(
                heading.is_empty() || anchors(file).iter().any(|known| known == heading),
                "docs/{name} links to {target}"
            );
            count += 1;
        }
    }
    assert!(count > 50, "found {count} links");
}

/// The market of the table in `docs/formula.md`: a row a day, cells `day, open, high, low, close, volume of A, close of B, C`.
fn example_market(text: &str) -> Market {
    let mut files =
        ["A", "B", "C"].map(|name| (name.to_owned(), "Date,Open,High,Low,Close,Volume\n".to_owned()));
    let first_day = Date::from_ymd(2020, 1, 6).expect("a Monday");
    let mut days = 0;
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, day, open, high, low, close, volume, b, c, _] = cells[..] else { continue };
        let Ok(day) = day.parse::<i32>() else { continue };
        days += 1;
        assert_eq!(day, days);
        let date = Calendar::weekdays(first_day, 1).date(days as usize - 1);
        files[0].1 += &format!("{date},{open},{high},{low},{close},{volume}\n");
        for (file, price) in files[1..].iter_mut().zip([b, c]).filter(|(_, price)| !price.is_empty()) {
            file.1 += &format!("{date},{price},{price},{price},{price},100\n");
        }
    }
    let columns = Columns::all().without(Column::AdjustedClose);
    let tables =
        files.map(|(name, text)| (name, csv::read(text.as_bytes(), columns).expect("rows of prices")));
    let calendar = Calendar::weekdays(first_day, days as usize);
    Market::new(calendar, PriceAdjustment::None, tables.into()).expect("no date stands twice")
}

/// A formula's values for A, B and C at some decisions, one row an asset. The readiness gate of a whole formula is left open.
fn values(formula: &str, market: &Market, decisions: Decisions, readiness: Readiness) -> Vec<Vec<f64>> {
    let formula = Formula::new(formula, &[]).unwrap_or_else(|error| panic!("{formula}: {error}"));
    let assets = ["A", "B", "C"].map(|name| market.asset(name).expect("an asset of the market"));
    let universe = Universe { assets: assets.map(|asset| (asset, vec![Tenure::default()])).into() };
    let members = universe.members(market, market.date(0).at(Phase::Open));
    let rows = decisions.len();
    let (formula, shared) = (Arc::new(formula), Arc::new(market.clone()));
    let policy = Policy::new(formula, readiness, FirstDay::Entry);
    let evaluator = Evaluator::new(policy, shared, &members, &[], decisions, 1 << 20);
    let mut out = Vec::new();
    evaluator.weights(&[], 0, 0..rows, &mut Scratch::default(), &mut out);
    let columns = evaluator.columns();
    let place = |asset| columns.iter().position(|column| column.asset == asset).expect("a column an asset");
    assets.iter().map(|&asset| out[place(asset) * rows..][..rows].to_vec()).collect()
}

/// Compares numbers with text that rounds them, `-` for an absent one.
fn check_values(shown: &str, computed: &[f64], place: &str) {
    let shown: Vec<&str> = shown.split(',').map(str::trim).collect();
    let agrees = |(shown, computed): (&&str, &f64)| match shown.parse::<f64>() {
        Ok(number) => {
            let decimals = shown.split_once('.').map_or(0, |(_, decimals)| decimals.len() as i32);
            (number - computed).abs() <= 0.5 / libm::pow(10.0, f64::from(decimals)) + 1e-9
        }
        Err(_) => *shown == "-" && computed.is_nan(),
    };
    let all = shown.len() == computed.len() && shown.iter().zip(computed).all(agrees);
    assert!(all, "{place}: shown {shown:?}, computed {computed:?}");
}

#[test]
fn every_value_shown_is_computed() {
    let text = document("formula.md");
    let market = example_market(&text);
    let days = market.days() as u32;
    let closes = || Decisions::Closes((0..days).collect());
    let mut count = 0;
    for (start, block) in blocks(&text, "values") {
        for (line, example) in block.lines().enumerate() {
            let place = format!("docs/formula.md:{}: {example}", start + line);
            let (head, rest) = example.split_once(": ").expect(&place);
            let (formula, shown) = rest.split_once(" -> ").expect(&place);
            let (subject, manner) = head.split_once(", ").unwrap_or((head, ""));
            let readiness = if manner == "sound" { Readiness::Full } else { Readiness::Short };
            assert!(["", "sound", "open"].contains(&manner), "{place}");
            let asset = |name: &str| ["A", "B", "C"].iter().position(|known| *known == name);
            let computed: Vec<f64> = match (subject.strip_prefix("day "), manner) {
                (Some(day), _) => {
                    let day = day.parse::<usize>().expect(&place) - 1;
                    values(formula, &market, closes(), readiness).iter().map(|row| row[day]).collect()
                }
                (None, "open") => {
                    let asset = asset(subject).expect(&place);
                    let at_open = |day| values(formula, &market, Decisions::Open(day), readiness)[asset][0];
                    (0..days).map(at_open).collect()
                }
                (None, _) => {
                    values(formula, &market, closes(), readiness).swap_remove(asset(subject).expect(&place))
                }
            };
            check_values(shown, &computed, &place);
            count += 1;
        }
    }
    assert!(count >= language::all().count(), "found {count} examples");
}

#[test]
fn every_key_of_the_result_is_described() {
    let text = document("statistics.md");
    let strategy = Strategy::read(&project("strategies/momentum.toml"), &[]).unwrap();
    let result = run(&strategy).unwrap();
    let mut json = Vec::new();
    json::write_json(&strategy, &result, &mut json).unwrap();
    let json: Value = serde_json::from_slice(&json).unwrap();
    let mut keys = Vec::new();
    collect_keys(&json, &mut keys);
    keys.retain(|key| {
        let given_by_the_file = strategy.parameters.iter().any(|parameter| parameter.name == *key);
        !given_by_the_file && !Conventions::FIELDS.contains(&key.as_str())
    });
    for key in keys {
        assert!(text.contains(&format!("`{key}`")), "docs/statistics.md does not name `{key}`");
    }
}

fn collect_keys(value: &Value, keys: &mut Vec<String>) {
    match value {
        Value::Object(entries) => entries.iter().for_each(|(key, value)| {
            keys.push(key.clone());
            collect_keys(value, keys);
        }),
        Value::Array(values) => values.iter().take(1).for_each(|value| collect_keys(value, keys)),
        _ => {}
    }
}
