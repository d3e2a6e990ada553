//! The cookbook: every strategy of `strategies/cookbook` stands in `docs/cookbook.md` with the same text, runs over a made market, and
//! gives at every close the values of the second implementation of the language, bit for bit.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use chrono::{Datelike, NaiveDate, Weekday};
use serde_json::Value;

use crate::formula_reference::columns::Column;
use crate::formula_reference::door::{Case, Schedule};
use crate::formula_reference::evaluate::{Conventions, Evaluator};
use crate::formula_reference::extras::{Extras, Form};
use crate::formula_reference::market::{History, Row, Spell};
use crate::formula_reference::parse::parse;
use crate::formula_reference::tree::Tree;
use crate::made_market::{
    Bar, COOKBOOK, END, Layout, MadeColumn, MadeMarket, START, date, late_joiners, members, name_of, recipes,
    universe,
};
use crate::support::{program, project};

/// What a run may say beside its result: the files (`*` for any), a part of the line, and why that is no fault of the recipe.
const EXPECTED: &[(&[&str], &str, &str)] = &[
    (&["*"], ".csv:", "`check` judges the made prices: days without a bar, and a late joiner"),
    (&["*"], " joins the universe with its first bar on ", "late joiners are made"),
    (&["*"], " waited for a bar", "days without a bar are made"),
    (&["*"], "note: cash is below zero", "shares are counted with the close and bought at the open"),
    (&["day_of_week", "meeting_drift"], "fill = \"same_close\"", "the calendar alone decides"),
    (
        &["predictions", "vix_filter", "weights_from_file"],
        "are taken as known 0 sessions",
        "known at their close",
    ),
    (&["earnings_drift"], "values of surprise are taken as known 1 session ", "told after the close"),
    (&["value"], "values of book_to_market are taken as known 120 sessions ", "known at the end of June"),
    (
        &["band_rebalancing", "permanent_portfolio"],
        " decisions were within the band ",
        "that is what a band is for",
    ),
    (&["holiday_drift", "meeting_drift"], "note: dates of ", "dates that are published in advance"),
];

fn command(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(program()).args(arguments).current_dir(folder).output().expect("the program can be started")
}

fn output(output: &Output) -> (String, String) {
    let [out, said] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    (out, said)
}

/// Runs a check for every recipe with its made market in a folder of its own.
fn for_each_recipe(check: impl Fn(&str, &MadeMarket, &Path, &str)) {
    for file in recipes() {
        let market = MadeMarket::new(&file);
        let folder = tempfile::tempdir().expect("there is room for a folder");
        market.write(folder.path());
        let name = name_of(&file);
        check(&name, &market, folder.path(), &format!("{COOKBOOK}/{name}.toml"));
    }
}

/// The tables of a file that say what it computes, as they stand in it.
fn shown(text: &str) -> String {
    let tables = text.split("\n\n").filter(|part| {
        let header = part.lines().next().unwrap_or_default();
        ["[parameters]", "[signals]", "[alpha]"].contains(&header) || header.starts_with("[groups")
    });
    tables.map(str::trim_end).collect::<Vec<_>>().join("\n\n")
}

/// Words of a comment or a paragraph, from one word to another, without its breaks.
fn words(text: &str, from: &str, to: &str) -> String {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    let part = rest.split(to).next().unwrap_or_default();
    part.split_whitespace().filter(|word| *word != "#").collect::<Vec<_>>().join(" ")
}

#[test]
fn the_document_has_every_recipe_with_its_text() {
    let document = fs::read_to_string(project("docs/cookbook.md")).expect("the document is there");
    let (index, _) = document.split_once("\n### ").expect("sections");
    let mut sections = BTreeMap::new();
    for section in document.split("\n### ").skip(1) {
        let section = section.split("\n## ").next().unwrap_or_default();
        let (_, rest) = section.split_once("](../strategies/cookbook/").expect("a link to the file");
        let (file, _) = rest.split_once(".toml)").expect("a link to the file");
        assert!(sections.insert(file.to_owned(), section).is_none(), "{file} has two sections");
    }
    let files: BTreeSet<String> = recipes().iter().map(|file| name_of(file)).collect();
    assert!(files.len() >= 40, "{} recipes", files.len());
    assert_eq!(files, sections.keys().cloned().collect(), "files and sections of docs/cookbook.md");
    for (file, section) in sections {
        let text = fs::read_to_string(project(COOKBOOK).join(format!("{file}.toml"))).expect("a text file");
        let (_, block) = section.split_once("```toml\n").unwrap_or_else(|| panic!("{file} shows no formula"));
        let (block, _) = block.split_once("\n```").expect("the block has an end");
        assert_eq!(block, shown(&text), "docs/cookbook.md, {file}");
        assert!(text.contains(&format!("name        = \"{file}\"\n")), "{file} has another name inside");
        for (shown, comment, next) in [
            (words(section, &format!("cookbook/{file}.toml): "), "\n\n"), "Rule: ", "# Source:"),
            (words(section, "Source: ", "\n\n"), "Source: ", "# Mind:"),
            // The comment ends with what prices it needs, or with the file's first key.
            (
                words(section, "Mind: ", "\n\n"),
                "Mind: ",
                if text.contains("# Prices:") { "# Prices:" } else { "\n\n" },
            ),
        ] {
            let written = words(&text, &format!("# {comment}"), next);
            assert!(shown.eq_ignore_ascii_case(&written), "{file}: another text than {comment}{written}");
        }
        assert_eq!(
            index.matches(&format!("| `{file}` |")).count(),
            1,
            "{file} in the table of docs/cookbook.md"
        );
    }
}

/// What is said of a recipe and expected, by its place in the list; what is not expected fails.
fn expected(name: &str, said: &str) -> BTreeSet<usize> {
    let lines = said.lines().filter(|line| !line.is_empty() && !line.starts_with("ok: "));
    let place = |line: &str| {
        let matches = |(files, part, _): &(&[&str], &str, &str)| {
            line.contains(part) && files.iter().any(|file| [name, "*"].contains(file))
        };
        EXPECTED.iter().position(matches).unwrap_or_else(|| panic!("{name} says: {line}"))
    };
    lines.map(place).collect()
}

fn is_weekday(day: &NaiveDate) -> bool {
    !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
}

/// The windows are full where the curve begins, and with a burn-in it begins with a decision: else the strategy waits in cash beside a
/// benchmark that is invested. A wait of a month is left as it is.
fn begins_with_full_windows(name: &str, strategy: &toml::Table, checked: &str) {
    let (_, depth) = checked.split_once(" formula depth ").expect("a check prints the depth");
    let depth: usize = depth.split(';').next().and_then(|depth| depth.parse().ok()).expect("a number");
    let moment = |key: &str| {
        strategy["period"].get(key).and_then(toml::Value::as_datetime).map(|day| date(&day.to_string()))
    };
    let (start, Some(burn_in)) = (moment("start").expect("a start"), moment("burn_in")) else {
        assert!(depth <= 23, "{name} needs {depth} sessions and has no burn-in");
        return;
    };
    let weekdays = start.iter_days().take_while(|day| *day <= burn_in).filter(is_weekday).count();
    // Ten weekdays of the 261 of a year are holidays.
    let sessions = weekdays - weekdays.div_ceil(26);
    assert!(sessions >= depth, "{name} needs {depth} sessions, and has {sessions} at its burn-in");
    let next = burn_in.iter_days().skip(1).find(is_weekday).expect("a next day");
    let rebalance = |key: &str| strategy["rebalance"].get(key).and_then(toml::Value::as_str);
    let decides = match rebalance("schedule") {
        Some("monthly") => next.month() != burn_in.month(),
        Some("quarterly") => next.month0() / 3 != burn_in.month0() / 3,
        Some("weekly") => {
            rebalance("weekday").is_some_and(|day| burn_in.weekday().to_string().eq_ignore_ascii_case(day))
        }
        _ => true,
    };
    assert!(decides && is_weekday(&burn_in), "{name} does not decide on {burn_in}");
}

/// Interest at a constant rate is no performance: the Sharpe ratio begins where it ends.
fn interest_is_risk_free(name: &str, strategy: &toml::Table) {
    let constant = strategy["costs"].get("cash_rate").and_then(toml::Value::as_float);
    let risk_free = strategy.get("statistics").and_then(|statistics| statistics["risk_free"].as_float());
    assert_eq!(constant, risk_free, "{name}: the constant rate of cash and `risk_free`");
}

#[test]
fn every_recipe_is_accepted_and_trades_without_a_warning() {
    let used = std::cell::RefCell::new(BTreeSet::new());
    for_each_recipe(|name, market, folder, file| {
        let (out, said) = output(&command(folder, &["check", file]));
        assert!(out.contains(&format!("ok: {name}: ")), "{name}: {out}{said}");
        begins_with_full_windows(name, &market.strategy, &out);
        interest_is_risk_free(name, &market.strategy);
        used.borrow_mut().extend(expected(name, &out));
        used.borrow_mut().extend(expected(name, &said));
        let run = command(folder, &["run", file, "--fills", "fills.csv", "--format", "json"]);
        let (_, said) = output(&run);
        assert_eq!(run.status.code(), Some(0), "{name}: {said}");
        used.borrow_mut().extend(expected(name, &said));
        let fills = fs::read_to_string(folder.join("fills.csv")).expect("a run writes its fills");
        assert!(fills.lines().count() > 1, "{name} trades");
    });
    for (place, (files, part, reason)) in EXPECTED.iter().enumerate() {
        assert!(used.borrow().contains(&place), "{files:?} never say `{part}` ({reason})");
    }
}

fn row(bar: &Bar) -> Row {
    Row {
        date: bar.date,
        open: Some(bar.open),
        high: Some(bar.high),
        low: Some(bar.low),
        close: Some(bar.close),
        adjusted_close: Some(bar.adjusted_close),
        volume: Some(bar.volume),
    }
}

fn column(made: &MadeColumn, table: &toml::Value) -> (String, Form, Column) {
    let count = |key: &str| table.get(key).and_then(toml::Value::as_integer).map(|count| count as usize);
    let whose = made.rows.iter().map(|(day, symbol, _)| (*day, symbol.clone()));
    let column = match made.layout {
        Layout::Dates => Column::Dates { known: count("known").expect("known"), rows: whose.collect() },
        _ => Column::Numbers {
            lag: count("lag").expect("a lag"),
            max_age: count("max_age"),
            rows: whose.zip(made.rows.iter().map(|(.., x)| *x)).collect(),
        },
    };
    (made.name.clone(), Form::Long, column)
}

fn number(value: &toml::Value) -> f64 {
    value.as_float().or(value.as_integer().map(|whole| whole as f64)).expect("a number")
}

fn tree(name: &str, text: &str) -> Tree {
    parse(text).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The strategy and its market as the second implementation takes them.
fn case(name: &str, market: &MadeMarket) -> Case {
    let strategy = &market.strategy;
    let table = |key: &str| strategy.get(key).and_then(toml::Value::as_table).into_iter().flatten();
    let mut extras = Extras { sessions: true, ..Extras::default() };
    for (symbol, entry, exit) in members(strategy) {
        let spell = Spell { entry, exit };
        match extras.spells.iter_mut().find(|(known, _)| *known == symbol) {
            Some((_, spells)) => spells.push(spell),
            None => extras.spells.push((symbol, vec![spell])),
        }
    }
    let signal =
        |(signal, text): (&String, &toml::Value)| (signal.clone(), tree(name, text.as_str().expect("text")));
    extras.signals = table("signals").map(signal).collect();
    for (name, groups) in table("groups") {
        let of_group = |(group, assets): (&String, &toml::Value)| {
            let assets = assets.as_array().into_iter().flatten().filter_map(toml::Value::as_str);
            (group.clone(), assets.map(str::to_owned).collect())
        };
        let groups = groups.as_table().into_iter().flatten().map(of_group).collect();
        extras.groups.push((name.clone(), groups));
    }
    extras.columns = market
        .columns
        .iter()
        .map(|made| column(made, &strategy["data"]["columns"][made.name.as_str()]))
        .collect();
    Case {
        formula: tree(name, strategy["alpha"]["weights"].as_str().expect("a formula")),
        parameters: table("parameters")
            .map(|(name, value)| (name.clone(), number(value).to_string()))
            .collect(),
        universe: universe(strategy),
        entry: late_joiners(strategy),
        files: market
            .prices
            .iter()
            .map(|(ticker, bars)| (ticker.clone(), bars.iter().map(row).collect()))
            .collect(),
        adjust: true,
        conventions: Conventions::Sound,
        history: History::AllBars,
        schedule: Schedule::Daily,
        start: date(START),
        burn_in: None,
        end: date(END),
        extras,
    }
}

/// Compares what `backtest formula` prints with the second implementation, and gives the number of values that are not 0.
fn values_that_agree(name: &str, case: &Case, printed: &Value) -> usize {
    let (market, names) = (case.market(), case.names());
    let evaluator = Evaluator::new(&market, &case.formula, &names, case.conventions, None);
    let dates: Vec<String> = market.days.iter().map(ToString::to_string).collect();
    assert_eq!(printed["dates"], Value::from(dates), "{name}");
    let values = printed["values"].as_object().expect("values by asset");
    assert!(case.universe.iter().all(|asset| values.contains_key(asset)), "{name}: values of all assets");
    let mut not_zero = 0;
    for (symbol, values) in values {
        let asset = market.assets.iter().position(|asset| asset.symbol == *symbol);
        let asset = asset.unwrap_or_else(|| panic!("{name}: values of {symbol}"));
        let values = values.as_array().expect("a list");
        assert_eq!(values.len(), market.days.len(), "{name}: {symbol}");
        for (day, value) in values.iter().enumerate() {
            let (got, wanted) = (value.as_f64(), evaluator.given(asset, day));
            assert_eq!(
                got.map(f64::to_bits),
                wanted.map(f64::to_bits),
                "{name}: {symbol} on {}: {got:?}, {wanted:?}",
                market.days[day]
            );
            not_zero += usize::from(got.is_some_and(|x| x != 0.0));
        }
    }
    not_zero
}

#[test]
fn every_formula_has_the_values_of_the_second_implementation() {
    for_each_recipe(|name, market, folder, file| {
        let weights = case(name, market);
        let condition = market.strategy["rebalance"].get("when").and_then(toml::Value::as_str);
        // Without a formula the program takes the weights, as they stand in the file.
        for formula in [None].into_iter().chain(condition.map(Some)) {
            let arguments = ["formula", file, "--format", "json"].into_iter().chain(formula);
            let printed = command(folder, &arguments.collect::<Vec<_>>());
            let (out, said) = output(&printed);
            assert_eq!(printed.status.code(), Some(0), "{name}: {said}");
            let printed = serde_json::from_str(&out).expect("JSON");
            let tree = formula.map_or(weights.formula.clone(), |formula| tree(name, formula));
            let case = Case { formula: tree, ..weights.clone() };
            let not_zero = values_that_agree(name, &case, &printed);
            assert!(not_zero > 10, "{name}: {not_zero} values are not 0, which proves little");
        }
    });
}
