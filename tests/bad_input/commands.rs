//! Broken command lines, and files that are not there or cannot be made.

use super::{Case, Expected, STRATEGY, check_all, strategy_with};

fn refused(code: i32, arguments: &[&str], says: &'static [&'static str]) -> Case {
    Case::command(arguments, Expected::Refused(code, says))
}

/// `run case.toml` with these overrides.
fn with_params(expected: Expected, params: &[&str]) -> Case {
    let overrides = params.iter().flat_map(|assignment| ["--params", assignment]);
    Case::command(&["run", "case.toml"].into_iter().chain(overrides).collect::<Vec<_>>(), expected)
}

#[test]
fn a_command_line_that_makes_no_sense_is_a_usage_error() {
    check_all([
        refused(2, &["rnu", "case.toml"], &["unrecognized subcommand 'rnu'", "--help"]),
        refused(2, &["run"], &["strategy file", "--help"]),
        refused(2, &["run", ""], &["[STRATEGY]"]),
        refused(2, &["run", "case.toml", "case.toml"], &["unexpected argument 'case.toml'"]),
        refused(2, &["run", "-case.toml"], &["'-c'"]),
        refused(2, &["run", "case.toml", "--outptu", "x.json"], &["'--outptu'", "'--output'"]),
        refused(2, &["run", "case.toml", "--format", "yaml"], &["invalid value 'yaml'", "table, json"]),
        refused(2, &["run", "case.toml", "--format"], &["--format"]),
        refused(2, &["run", "case.toml", "--params"], &["--params"]),
        refused(
            2,
            &["run", "case.toml", "--output", "a.json", "--output", "b.json"],
            &["--output", "multiple times"],
        ),
        refused(2, &["check"], &["<PATH>"]),
        refused(2, &["check", "case.toml", "prices"], &["unexpected argument 'prices'"]),
        refused(2, &["check", "prices/AAA.csv"], &["prices/AAA.csv looks like a price file", "the folder"]),
        refused(2, &["new"], &["<NAME>"]),
        refused(2, &["new", ""], &["'' cannot name a strategy"]),
        refused(2, &["new", "a/b"], &["'a/b' cannot name a strategy", "letters, digits, _ and -"]),
        refused(2, &["new", "../up"], &["'../up' cannot name a strategy"]),
        refused(2, &["new", "größe"], &["'größe' cannot name a strategy"]),
        refused(2, &["new", "a\nb"], &["'a\\nb' cannot name a strategy"]),
        refused(2, &["new", "--", "-x"], &["'-x' cannot name a strategy"]),
    ]);
}

#[test]
fn an_override_that_does_not_fit_is_named() {
    let refuse = |code, assignment: &str, says| with_params(Expected::Refused(code, says), &[assignment]);
    check_all([
        refuse(2, "n", &["--params n: expected NAME=VALUE"]),
        refuse(2, "", &["expected NAME=VALUE"]),
        refuse(78, "commission=0.001", &["unknown parameter 'commission'; did you mean 'costs.commission'?"]),
        refuse(78, "gross_leverage=2", &["did you mean 'portfolio.long_short.gross_leverage'?"]),
        refuse(78, "=5", &["'' is neither a parameter nor a dotted key"]),
        refuse(78, "n = 5\npart = 1", &["--params n = 5\\npart = 1", "neither a parameter nor a dotted key"]),
        refuse(78, "a b=5", &["'a b' is neither a parameter nor a dotted key"]),
        refuse(78, "[costs]=5", &["'[costs]' is neither"]),
        refuse(78, "#=5", &["'#' is neither"]),
        refuse(78, "m=5", &["--params m=5: unknown parameter 'm'; did you mean 'n'?"]),
        refuse(78, "lookback=5", &["unknown parameter 'lookback'; the parameters are: n, part"]),
        refuse(78, "cost=5", &["unknown parameter 'cost'; did you mean 'costs'?"]),
        refuse(
            78,
            "n=5.5",
            &["--params n=5.5: 'n' is a whole number (as its default is), found the number 5.5"],
        ),
        refuse(78, "n=five", &["'n' is a whole number", "found the text \"five\""]),
        refuse(78, "n=", &["found the text \"\""]),
        refuse(78, "n=1e300", &["found the number 1e300"]),
        refuse(78, "n=99999999999999999999", &["99999999999999999999 is too large"]),
        refuse(78, "n=inf", &["expected a finite number, found inf"]),
        refuse(78, "n=[5]", &["found a list"]),
        refuse(78, "n=2020-01-01", &["found the date 2020-01-01"]),
        refuse(78, "part=half", &["'part' is a number, found the text \"half\""]),
        refuse(78, "n=0", &["case.toml:13:25", "expected a whole number from 1 to 1000000, found 0"]),
        refuse(78, "name.first=x", &["'name' is the text \"case\" and has no keys"]),
        refuse(78, "universe.assets.first=x", &["'assets' is a list and has no keys"]),
        refuse(
            78,
            "costs.comission=0.1",
            &["--params costs.comission=0.1: unknown key 'comission' in [costs]; did you mean 'commission'?"],
        ),
        refuse(78, "costs=5", &["--params costs=5: 'costs': expected a table, found the number 5"]),
        refuse(78, "costs.commission=5", &["'costs.commission': expected a fraction from 0 to below 1"]),
        refuse(78, "period.start=2020-01-01T00:00:00+01:00", &["times are in UTC"]),
        refuse(
            78,
            "period.end=yesterday",
            &["'period.end': expected a date", "found the text \"yesterday\""],
        ),
        refuse(78, "universe.assets=[\"AAA\", \"AAA\"]", &["'AAA' stands twice"]),
        refuse(78, "rebalance.schedule=hourly", &["unknown schedule 'hourly'"]),
        refuse(78, "conventions=good", &["unknown preset of conventions 'good'"]),
        refuse(
            78,
            "alpha.weights=top(momentun(n), 1)",
            &["unknown operator 'momentun'", "  | top(momentun(n), 1)\n  |     ^^^^^^^^\n"],
        ),
        refuse(
            78,
            "parameters.prat=1",
            &["--params parameters.prat=1: the formula names no parameter 'prat'; did you mean 'part'?"],
        ),
        refuse(78, "parameters.lookback=5", &["no parameter 'lookback'; it names: n, part"]),
        refuse(78, "parameters={ n = 5, part = 1, m = 2 }", &["no parameter 'm'; did you mean 'n'?"]),
        refuse(78, "parameters=5", &["--params parameters=5: 'parameters': expected a table"]),
        refuse(78, "parameters.close=5", &["'close' has the name of a series of prices"]),
        refuse(66, "data.prices=nowhere", &["nowhere: no such folder of price files"]),
        refuse(66, "universe.benchmark=ZZZ", &["no price file for asset 'ZZZ'"]),
        with_params(
            Expected::Refused(78, &["unknown parameter '5x'", "…"]),
            &[&format!("5x={}", "y".repeat(100_000))],
        )
        .titled("a long value"),
        with_params(
            Expected::Refused(78, &["is neither a parameter nor a dotted key"]),
            &[&format!("{}a=1", "a.".repeat(60_000))],
        )
        .titled("a deep key"),
        with_params(Expected::Refused(78, &["--params", "…"]), &[&format!("n={}", "[".repeat(100_000))])
            .titled("a deep value"),
    ]);
    check_all(
        [
            &["n=7"][..],
            &["n = 7.0", "part=1", "n=8"],
            &["parameters.n=0x7"],
            &["parameters.k=2", "alpha.weights=top(momentum(n * k), 1)"],
            &["\"n\"=7"],
            &["costs.commission=0", "costs.slippage=0.01"],
            &["costs={ tax = 0.001 }"],
            &["name=another name"],
            &["name='5'"],
            &["conventions=sound", "conventions.ruin=continue"],
            &["rebalance.schedule=weekly", "rebalance.weekday=wed"],
            &["universe.entry.AAA=2020-01-03", "universe.benchmark=BBB"],
            &["alpha.weights=fixed(AAA = part, BBB = 1 - part)"],
            &["period.burn_in=2020-01-13"],
            &["data.prices=./prices"],
            &["description=a = b"],
        ]
        .map(|params| with_params(Expected::Accepted, params)),
    );
}

#[test]
fn input_that_is_not_there_is_missing() {
    check_all([
        refused(66, &["run", "nowhere.toml"], &["nowhere.toml: no such file"]),
        refused(66, &["run", "no/where.toml"], &["no/where.toml: no such file"]),
        refused(66, &["run", "case.toml/inside"], &["case.toml/inside: no such file"]),
        refused(66, &["check", "nowhere"], &["nowhere: no such file"]),
        refused(66, &["check", "empty"], &["empty: no price file in the folder"])
            .with("empty/README.md", "nothing"),
    ]);
}

#[test]
fn input_that_cannot_be_read_is_an_input_error() {
    check_all([
        refused(74, &["run", "."], &[".: cannot read: "]),
        refused(74, &["run", "prices"], &["prices: cannot read: "]),
    ]);
}

#[test]
fn output_that_cannot_be_made_is_refused() {
    check_all([
        refused(
            73,
            &["run", "case.toml", "--output", "no/where.json"],
            &["no/where.json: cannot create", "no folder 'no'"],
        ),
        refused(73, &["run", "case.toml", "--equity", "no/where.csv"], &["no/where.csv: cannot create"]),
        refused(
            73,
            &["run", "case.toml", "--fills", "case.toml/fills.csv"],
            &["case.toml/fills.csv: cannot create"],
        ),
        refused(73, &["run", "case.toml", "--output", "prices"], &["prices: is a folder"]),
        refused(73, &["run", "case.toml", "--output", "."], &[".: is a folder"]),
        refused(73, &["run", "case.toml", "--output", "new/"], &["new/: cannot create"]),
        refused(73, &["run", "case.toml", "--output", &"x".repeat(300)], &["xxx: cannot create"])
            .titled("a long name"),
        refused(73, &["new", "case"], &["strategies/case.toml: exists already"])
            .with("strategies/case.toml", "mine"),
        refused(73, &["new", "case"], &["strategies: cannot create"])
            .titled("strategies is a file")
            .with("strategies", ""),
        refused(2, &["new", &"x".repeat(300)], &["cannot name a strategy", "up to 80 letters"])
            .titled("new with a long name")
            .with("strategies/x", ""),
    ]);
}

#[test]
fn output_never_replaces_the_strategy_or_another_output() {
    let twice = &["both --output and --equity write", "x.csv"];
    check_all([
        refused(
            2,
            &["run", "case.toml", "--output", "case.toml"],
            &["--output would replace the strategy case.toml"],
        ),
        refused(
            2,
            &["run", "case.toml", "--fills", "./prices/../case.toml"],
            &["--fills would replace the strategy"],
        ),
        refused(2, &["run", "case.toml", "--output", "x.csv", "--equity", "x.csv"], twice),
        refused(2, &["run", "case.toml", "--output", "x.csv", "--equity", "./prices/../x.csv"], twice),
    ]);
}

#[test]
fn sound_command_lines_that_look_odd_are_accepted() {
    check_all([
        Case::command(&["--quiet", "run", "case.toml"], Expected::Accepted),
        Case::command(&["run", "./case.toml", "--quiet", "--format=json"], Expected::Accepted),
        Case::command(&["run", "--params=n=7", "--", "case.toml"], Expected::Accepted),
        Case::command(&["run", "--", "-case.toml"], Expected::Accepted).with("-case.toml", STRATEGY),
        Case::command(&["run", "deep/down/case.toml"], Expected::Accepted)
            .with("deep/down/case.toml", strategy_with("prices = 'prices'", "prices = '../../prices'")),
        Case::command(&["check", "case.toml"], Expected::Accepted),
        Case::command(&["check", "prices/"], Expected::Accepted),
        Case::command(&["new", "0-x_1"], Expected::Accepted),
    ]);
}
