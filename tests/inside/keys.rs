//! Every row of the schemas, tried: a key of another value has another seal exactly if its row says that it decides something,
//! another scene exactly if it decides prices or decisions, and, as an axis, its prices in the plan. What rows say is held to
//! what a strategy comes to.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::config::document::Document;
use crate::config::fields::{Field, Table};
use crate::config::schema::{Decides, Key, KeyDefault, Kind, Schema};
use crate::engine::conventions::{Conventions, PRESETS};
use crate::market::date::Date;
use crate::report::page::strategy_keys::strategy_keys;
use crate::slurm::keys::SLURM;
use crate::slurm::settings::JobSettings;
use crate::strategy::definition::Strategy;
use crate::strategy::figures::Metric;
use crate::strategy::keys::{CONVENTIONS, PRESET, STRATEGY};
use crate::strategy::prepare::prepare;
use crate::strategy::seal::{scene, seal};
use crate::sweep::definition::Sweep;
use crate::sweep::keys::{METRIC, SWEEP};
use crate::sweep::plan::Plan;
use tempfile::TempDir;

use crate::inside::sound_input;
use crate::inside::support;

const BUDGET: usize = 1 << 20;

const STRATEGY_FILE: &str = "name = 'case'
description = 'words'
conventions = { preset = 'qstrader' }
parameters = { n = 5, part = 0.5 }
signals = { floor = '1' }
groups = { sector = { x = ['AAA'], y = ['BBB'] } }
alpha = { weights = 'top(momentum(n), 1) * part + equal(close) * (1 - part)' }
portfolio = { initial_cash = 1000000.0, long_only = { cash_buffer = 0.01 }, idle = 'BBB', shares = 'whole' }
period = { start = 2020-01-01, burn_in = 2020-01-10, end = 2020-01-30 }
data.prices = 'prices'
data.adjust = true
data.columns.one = { folder = 'prices', column = 'Close', lag = 1, max_age = 3 }
data.columns.two = { file = 'long.csv', lag = 2 }
data.columns.three = { wide = 'wide.csv', lag = 0 }
data.columns.four = { dates = 'dates.csv', known = 9 }
statistics = { periods_per_year = 252, risk_free = 0.01 }

[universe]
assets = ['AAA', 'BBB']
entry = { BBB = 2020-01-08 }
exit = { AAA = 2020-01-28 }
final_price = { BBB = 5.0 }
benchmark = 'AAA'

[rebalance]
schedule = 'weekly'
weekday = 'WED'
when = 'close > floor or within(sector, count()) > 1 or fill(one + two + three + four, 0) > 5'
fill = 'next_open'
band = 0.01
trade = 'all'

[costs]
commission = 0.001
tax = 0.001
commission_per_share = 0.01
commission_minimum = 1.0
slippage = 0.001
cash_rate = 0.01
debit_rate = 0.02
borrow_rate = 0.03
";

const SWEEP_FILES: [&str; 3] = [
    "name = 's'
strategy = 'case.toml'
keep = 'n > 2'
axes = { n = { from = 1, to = 9 }, part = { from = 0.1, to = 0.9 } }
sample = { method = 'sobol', points = 8, seed = 1 }
rank = { metric = 'sharpe', require = ['fills > 1'] }
walk_forward = { train = 5, test = 3, step = 3, anchored = false }
holdout = { from = 2020-01-22 }

[slurm]
results = 'results'
time = '01:00:00'
memory = '1G'
cpus = 2
parallel = 3
tasks = 4
partition = 'a'
account = 'a'
qos = 'a'
constraint = 'a'
mail_user = 'a'
mail_type = 'a'
setup = ['a']
extra = ['--a']
",
    "name = 's'\nstrategy = 'case.toml'\npoints = 'points.csv'\n",
    "name = 's'\nstrategy = 'case.toml'\npoints = { n = [3, 4], part = [0.1, 0.2] }\n",
];

/// The strategy, and others with keys that do not go with some of its own.
fn strategies() -> [String; 6] {
    let with = |own: &str, other: &str| {
        assert!(STRATEGY_FILE.contains(own), "{own}");
        STRATEGY_FILE.replace(own, other)
    };
    let weekly = "schedule = 'weekly'\nweekday = 'WED'";
    let listed = "assets = ['AAA', 'BBB']\nentry = { BBB = 2020-01-08 }\nexit = { AAA = 2020-01-28 }";
    [
        STRATEGY_FILE.to_owned(),
        with("long_only = { cash_buffer = 0.01 }", "long_short = { gross_leverage = 1.0 }"),
        with("long_only = { cash_buffer = 0.01 }", "long_short = { max_gross = 1.0 }"),
        with(weekly, "schedule = 'monthly'\nday = 12"),
        with(weekly, "schedule = 'every'\nevery = 4"),
        with(listed, "members = [['AAA', '', ''], ['BBB', '2020-01-08', '']]"),
    ]
}

/// A folder with all files that a value of a key may name.
fn folder() -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    sound_input::write(folder.path());
    let write = |name: &str, text: &str| support::write(folder.path(), name, text.as_bytes());
    for (prices, price) in [("prices", 100.0), ("other", 70.0)] {
        for asset in ["AAA", "BBB", "CCC"] {
            write(
                &format!("{prices}/{asset}.csv"),
                &(sound_input::HEADER.to_owned() + &sound_input::rows(price)),
            );
        }
    }
    for (folder, number) in [("", 3), ("other/", 4)] {
        write(&format!("{folder}long.csv"), &format!("Date,two,Open\n2020-01-02,{number},7\n"));
        write(&format!("{folder}wide.csv"), &format!("Date,AAA\n2020-01-02,{number}\n"));
        write(&format!("{folder}dates.csv"), &format!("Date,Symbol\n2020-01-1{number},BBB\n"));
    }
    write("case.toml", STRATEGY_FILE);
    write("other.toml", &STRATEGY_FILE.replace("tax = 0.001", "tax = 0.002"));
    write("points.csv", "n,part\n3,0.5\n4,0.5\n");
    write("other.csv", "n,part\n3,0.5\n5,0.5\n");
    folder
}

/// A place where a key stands, with its value, if it stands there.
struct Place<'d> {
    key: &'static Key,
    path: String,
    field: Option<Field<'d>>,
}

/// The places where the keys of a schema stand in a document. Keys that hold a table are known by what is in it.
fn places<'d>(document: &'d Document, schema: &Schema) -> Vec<Place<'d>> {
    let mut places = Vec::new();
    for key in schema.keys.iter().filter(|key| !matches!(key.kind, Kind::Table)) {
        // A part that is free stands for every table there.
        let inside = |tables: Vec<Table<'d>>, part: &str| -> Vec<Table<'d>> {
            let fields = |table: Table<'d>| -> Vec<Field<'d>> {
                if part == "*" { table.fields().collect() } else { table.get(part).into_iter().collect() }
            };
            tables.into_iter().flat_map(fields).filter_map(|field| field.table().ok()).collect()
        };
        let parts = key.table.split('.').filter(|part| !part.is_empty());
        for table in parts.fold(vec![document.table()], inside) {
            let place = |name: &str| Place {
                key,
                path: [table.path(), ".", name].concat().trim_start_matches('.').to_owned(),
                field: table.get(name),
            };
            match key.kind {
                Kind::Choices { names, .. } => places.extend(names.iter().map(|name| place(name))),
                _ if key.name == "*" => places.extend(table.fields().map(|field| place(field.key))),
                _ => places.extend(Some(place(key.name)).filter(|place| place.field.is_some())),
            }
        }
    }
    places
}

/// Other values than the one that a key has, as TOML.
fn others(place: &Place) -> Vec<String> {
    let present = place.field.as_ref().map_or(String::new(), Field::toml);
    let named = |names: &[&str]| {
        names.iter().map(|name| format!("{name:?}")).filter(|name| *name != present).collect()
    };
    let numbers = |numbers: &[f64], accepts: &dyn Fn(f64) -> bool| -> Vec<String> {
        let present: f64 = present.parse().expect("a number");
        let other = numbers.iter().find(|number| accepts(**number) && **number != present);
        vec![format!("{:?}", other.expect("another number of the range"))]
    };
    let wholes = |range: crate::config::schema::Range| -> Vec<String> {
        let present: i64 = present.parse().expect("a whole number");
        let other = [present + 1, present - 1].into_iter().find(|number| range.contains(*number as f64));
        vec![other.expect("another number of the range").to_string()]
    };
    let one = |text: &str| vec![text.to_owned()];
    match place.key.kind {
        Kind::Text if place.key.name == "column" => one("'Open'"),
        Kind::Text | Kind::Line => one("'else'"),
        Kind::Lines => one("['--else']"),
        // Schedules that go with the keys beside them.
        Kind::Choice { .. } if place.path == "rebalance.schedule" => match present.trim_matches('"') {
            "monthly" => named(&["quarterly", "yearly"]),
            "every" => Vec::new(),
            _ => named(&["daily", "monthly", "quarterly", "yearly", "end_of_month", "on_change"]),
        },
        Kind::Choice { names, .. } => named(names),
        Kind::ChoiceOrList { names, .. } => {
            named(&names[..2]).into_iter().chain(one("['MON', 'TUE']")).collect()
        }
        Kind::Choices { choices, .. } => {
            let name = place.path.rsplit('.').next().expect("a name");
            named(&choices(name).expect("a family of choices has each of its names"))
        }
        Kind::Boolean => one(if present == "true" { "false" } else { "true" }),
        Kind::Number { range, .. } if place.path == "parameters.n" => wholes(range),
        Kind::Number { range, .. } | Kind::NumberOrFormula { range, .. } => {
            numbers(&[0.25, 0.002, 2.0, 1e7], &|number| range.contains(number))
        }
        Kind::Whole { range, .. } | Kind::WholeOr { range, .. } => wholes(range),
        Kind::Moment { .. } | Kind::Date => {
            let date = Date::parse(present.as_bytes()).expect("a date");
            one(&date.next().to_string())
        }
        Kind::Ticker => named(&["AAA", "CCC"]),
        Kind::TickersOrFile => one("['AAA', 'BBB', 'CCC']"),
        Kind::Members => one("[['AAA', '', '2020-01-28'], ['BBB', '', ''], ['CCC', '', '']]"),
        Kind::Formula => one("'equal(close > part) * n'"),
        Kind::Condition => one("'n > 3'"),
        Kind::Conditions => one("['fills > 2']"),
        Kind::Folder => one("'other'"),
        Kind::File => vec![format!("'other/{}'", present.trim_matches('"'))],
        Kind::Values => match place.field.as_ref().is_some_and(Field::is_table) {
            true => one("{ from = 2, to = 8 }"),
            false => one("[3, 5]"),
        },
        Kind::FileOrTable if place.path.starts_with("groups.") => one("{ x = ['BBB'] }"),
        Kind::FileOrTable => one(if place.path == "strategy" { "'other.toml'" } else { "'other.csv'" }),
        Kind::TextOrTable(_) => one("'sound'"),
        Kind::Table => Vec::new(),
    }
}

/// The keys of a schema that hold no table.
fn walkable(schema: &Schema) -> BTreeSet<&'static str> {
    schema.keys.iter().filter(|key| !matches!(key.kind, Kind::Table)).map(|key| key.path).collect()
}

fn set(document: &Document, schema: &Schema, path: &str, value: &str) -> Document {
    let mut document = document.clone();
    document
        .set(schema, &format!("{path}={value}"))
        .unwrap_or_else(|error| panic!("{path}={value}: {error}"));
    document
}

/// What a strategy comes to.
struct Outcome {
    seal: blake3::Hash,
    scene: String,
    fingerprint: blake3::Hash,
    /// What its scene rests on, found without the rows.
    rests_on: String,
    terms: String,
    rules: String,
    /// As the page tells it.
    page: Vec<(&'static str, String)>,
}

fn outcome(document: &Document, folder: &Path) -> Outcome {
    // Text in place of overrides: its folder of prices begins at the strategy file.
    let document = Document::new("case.toml", &document.to_toml("")).expect("TOML");
    let strategy = Strategy::from_document(&document, folder).unwrap_or_else(|error| panic!("{error}"));
    let prepared = prepare(&strategy).unwrap_or_else(|error| panic!("{error}"));
    let days = (&prepared.clock, strategy.schedule, strategy.fill, strategy.conventions.signal_readiness);
    Outcome {
        seal: seal(&strategy, &prepared.fingerprint),
        scene: scene(&strategy),
        fingerprint: prepared.fingerprint,
        rests_on: format!(
            "{} {:?} {:?} {days:?} {} {:?}",
            prepared.fingerprint,
            prepared.members,
            prepared.decisions,
            strategy.formula.canonical,
            strategy.final_prices
        ),
        terms: format!("{:?} {:?}", strategy.terms(), strategy.rates),
        rules: format!("{:?}", strategy.rules()),
        page: strategy_keys(&strategy),
    }
}

/// Keys that decide something and stand on no page: dates and a path that say nothing without the strategy file.
const NOT_ON_THE_PAGE: [&str; 10] = [
    "universe.entry.*",
    "universe.exit.*",
    "universe.final_price.*",
    "period.burn_in",
    "data.prices",
    "data.columns.*.folder",
    "data.columns.*.file",
    "data.columns.*.wide",
    "data.columns.*.dates",
    "data.columns.*.column",
];

/// Holds what a changed key changes to what its row says.
fn check_change(place: &Place, sound: &Outcome, changed: &Outcome) {
    let Place { key, path, .. } = place;
    let Key { decides, .. } = key;
    assert_eq!(changed.seal != sound.seal, *decides != Decides::Nothing, "the seal of {path}");
    assert_eq!(changed.scene != sound.scene, decides.changes_scene(), "the scene of {path}");
    let prices = changed.fingerprint != sound.fingerprint;
    assert!(!prices || *decides == Decides::Prices, "{path} decides prices");
    let scene = changed.rests_on != sound.rests_on;
    assert!(!scene || decides.changes_scene(), "{path} decides prices or decisions");
    // A convention may do any of these, and says that it decides the most.
    let may_be_any = decides.changes_scene();
    for (changes, decided, what) in [
        (changed.terms != sound.terms, Decides::Terms, "terms"),
        (changed.rules != sound.rules, Decides::Statistics, "statistics"),
    ] {
        assert!(may_be_any || changes == (*decides == decided), "{path}: whether it decides {what}");
    }
    if *decides == Decides::Decisions && !key.path.starts_with("conventions") {
        assert!(scene, "{path} changes what is prepared");
    }
    let is_shown = !NOT_ON_THE_PAGE.contains(&key.path) && !key.path.starts_with("parameters.");
    assert_eq!(changed.page != sound.page, is_shown, "{path} on the page");
}

#[test]
fn a_key_of_a_strategy_file_changes_what_its_row_says() {
    let folder = folder();
    let mut walked = BTreeSet::new();
    for text in strategies() {
        let document = Document::new("case.toml", &text).expect("TOML");
        let sound = outcome(&document, folder.path());
        let present =
            Strategy::from_document(&document, folder.path()).expect("a sound strategy").conventions;
        for place in places(&document, &STRATEGY) {
            let is_present = |value: &String| {
                let named = |(name, choice)| {
                    place.path == format!("conventions.{name}") && *value == format!("{choice:?}")
                };
                present.named().into_iter().any(named)
            };
            let values: Vec<String> = others(&place).into_iter().filter(|value| !is_present(value)).collect();
            if values.is_empty() {
                continue;
            }
            for value in values {
                let changed = outcome(&set(&document, &STRATEGY, &place.path, &value), folder.path());
                check_change(&place, &sound, &changed);
            }
            walked.insert(place.key.path);
        }
    }
    assert_eq!(walked, walkable(&STRATEGY), "each key has a value in the files above");
}

fn plan(folder: &Path, text: &str) -> Result<Plan, String> {
    let sweep = Sweep::parse("s.toml", text, folder).map_err(|error| error.to_string())?;
    Plan::new(sweep, BUDGET).map_err(|error| error.to_string())
}

#[test]
fn as_an_axis_a_key_has_its_prices_in_the_plan_and_shares_scenes_as_its_row_says() {
    let folder = folder();
    let mut walked = BTreeSet::new();
    for text in strategies() {
        fs::write(folder.path().join("case.toml"), &text).expect("the folder is ours");
        let document = Document::new("case.toml", &text).expect("TOML");
        let with = |axis: &str| {
            let text = format!("name = 's'\nstrategy = 'case.toml'\n[axes]\n{axis}\n");
            plan(folder.path(), &text).unwrap_or_else(|error| panic!("{axis}: {error}"))
        };
        let sound = with("n = [5]").fingerprint;
        for place in places(&document, &STRATEGY) {
            let Place { key, path, field } = &place;
            let Some(other) = others(&place).into_iter().next() else { continue };
            let values = match field {
                Some(field) => format!("[{}, {other}]", field.toml()),
                None => format!("[{}]", others(&place).join(", ")),
            };
            let plan = with(&format!("\"{path}\" = {values}"));
            let covered = plan.fingerprint != sound;
            assert_eq!(covered, key.decides == Decides::Prices, "the prices of {path}");
            let [first, second] = [0, 1].map(|point| {
                plan.variants
                    .get(&plan.sweep.space.values(point))
                    .unwrap_or_else(|error| panic!("{path}: {error}"))
            });
            let shared = Arc::ptr_eq(&first.scene, &second.scene);
            assert_eq!(shared, !key.decides.changes_scene(), "the scene of {path}");
            walked.insert(key.path);
        }
    }
    assert_eq!(walked, walkable(&STRATEGY), "each key has a value in the files above");
}

#[test]
fn what_applies_where_a_name_is_missing_is_what_the_row_says() {
    assert_eq!(METRIC.default, KeyDefault::Named(Metric::SHARPE.name()));
    let preset = PRESETS.iter().find(|(_, conventions)| *conventions == Conventions::QSTRADER);
    for row in [CONVENTIONS, PRESET] {
        assert_eq!(row.default, KeyDefault::Named(preset.unwrap().0));
    }
}

#[test]
fn a_key_of_a_sweep_file_moves_the_seal_as_its_row_says() {
    let folder = folder();
    let sealed = |document: &Document| {
        let text = document.to_toml("");
        let plan = plan(folder.path(), &text).unwrap_or_else(|error| panic!("{text}{error}"));
        let settings =
            JobSettings::from_document(&plan.sweep.document).unwrap_or_else(|error| panic!("{error}"));
        (plan.seal, settings)
    };
    let mut walked = BTreeSet::new();
    for text in SWEEP_FILES {
        let document = Document::new("s.toml", text).expect("TOML");
        let (sound, settings) = sealed(&document);
        for (schema, place) in [SWEEP, SLURM]
            .iter()
            .flat_map(|schema| places(&document, schema).into_iter().map(move |place| (schema, place)))
        {
            for value in others(&place) {
                let (seal, other_settings) = sealed(&set(&document, schema, &place.path, &value));
                assert_eq!(
                    seal != sound,
                    place.key.decides != Decides::Nothing,
                    "the seal of {}",
                    place.path
                );
                let of_slurm = place.path.starts_with("slurm.");
                assert_eq!(other_settings != settings, of_slurm, "the settings of {}", place.path);
            }
            walked.insert(place.key.path);
        }
    }
    let of_plans = |path: &&str| path.starts_with("plan.");
    let all: BTreeSet<_> =
        walkable(&SWEEP).union(&walkable(&SLURM)).copied().filter(|path| !of_plans(path)).collect();
    assert_eq!(walked, all, "each key has a value in the files above");
}

#[test]
fn a_rule_is_the_same_on_other_days_and_prices() {
    let folder = folder();
    let of = |text: &str| {
        let plan = plan(folder.path(), text).unwrap_or_else(|error| panic!("{text}{error}"));
        (plan.seal, plan.rule())
    };
    let sweep = SWEEP_FILES[0];
    let (seal, rule) = of(sweep);
    let holdout = "holdout = { from = 2020-01-22 }\n";
    assert!(sweep.contains(holdout));
    for text in [sweep.replace(holdout, ""), sweep.replace(holdout, "holdout = { from = 2020-01-20 }\n")] {
        let (other_seal, other_rule) = of(&text);
        assert!(other_seal != seal && other_rule == rule, "{text}");
    }
    let [keep, strategy] = [("n > 2", "n > 3"), ("case.toml", "other.toml")];
    for (from, to) in [keep, strategy, ("to = 9 }", "to = 8 }"), ("seed = 1", "seed = 2")] {
        assert!(sweep.contains(from));
        let (other_seal, other_rule) = of(&sweep.replace(from, to));
        assert!(other_seal != seal && other_rule != rule, "{to}");
    }
    let later = STRATEGY_FILE.replace("end = 2020-01-30", "end = 2020-01-31");
    support::write(folder.path(), "case.toml", later.as_bytes());
    let (other_seal, other_rule) = of(sweep);
    assert!(other_seal != seal && other_rule == rule, "the end");
    let prices = sound_input::HEADER.to_owned() + &sound_input::rows(101.0);
    support::write(folder.path(), "prices/AAA.csv", prices.as_bytes());
    assert_eq!(of(sweep).1, rule, "prices");
    assert_ne!(of(&sweep.replace(holdout, "")).0, of(sweep).0);
}

#[test]
fn a_key_of_a_plan_vouches_and_decides_nothing() {
    let folder = folder();
    let sealed = plan(folder.path(), SWEEP_FILES[0]).expect("a sound sweep");
    let text = sealed.text().expect("a plan");
    let text = text.replace("prices = \"prices\"", &format!("prices = {:?}", folder.path().join("prices")));
    let document = Document::new("plan.toml", &text).expect("TOML");
    let mut refused = BTreeSet::new();
    for place in places(&document, &SWEEP).iter().filter(|place| place.path.starts_with("plan.")) {
        assert_eq!(place.key.decides, Decides::Nothing);
        let changed = set(&document, &SWEEP, &place.path, &others(place)[0]).to_toml("");
        match plan(Path::new(""), &changed) {
            Ok(plan) => assert_eq!(plan.seal, sealed.seal, "{}", place.path),
            Err(_) => _ = refused.insert(place.key.name),
        }
    }
    assert_eq!(refused, ["blocks", "points", "prices", "results_revision", "returns", "seal"].into());
}
