//! Broken strategy files, key by key. Formulas have their own file.

use super::{Case, Expected, STRATEGY, check_all, strategy_with};

/// What stands in the sound strategy, what stands there instead, and what the message says.
type Broken = (&'static str, &'static str, &'static [&'static str]);

fn refuse(cases: &[Broken]) {
    check_all(cases.iter().map(|&(sound, broken, says)| {
        Case::run(broken, Expected::Refused(78, says)).with("case.toml", strategy_with(sound, broken))
    }));
}

fn accept(cases: &[(&str, &str)]) {
    check_all(cases.iter().map(|&(sound, other)| {
        Case::run(other, Expected::Accepted).with("case.toml", strategy_with(sound, other))
    }));
}

#[test]
fn what_is_not_toml_is_refused_at_its_character() {
    refuse(&[
        ("name = 'case'", "name", &["case.toml:1:5", "expected `=`"]),
        ("name = 'case'", "name = case", &["case.toml:1:8"]),
        ("name = 'case'", "name = 'case", &["case.toml:1:", "| name = 'case"]),
        ("name = 'case'", "name = 'case' x", &["case.toml:1:15"]),
        ("[parameters]", "[parameters", &["case.toml:3:12"]),
        ("n = 5", "n = 5\nn = 6", &["case.toml:5:1", "duplicate key"]),
        ("[costs]", "[universe]", &["case.toml:22:2", "duplicate key"]),
        ("n = 5", "n = 05", &["case.toml:4:"]),
        ("n = 5", "n = 5,", &["case.toml:4:6"]),
        ("assets = ['AAA', 'BBB']", "assets = ['AAA' 'BBB']", &["case.toml:8:"]),
        ("assets = ['AAA', 'BBB']", "assets = ['AAA', 'BBB'", &["case.toml:"]),
        ("start = 2020-01-01", "start = 2020-02-30", &["case.toml:26:9", "expected day between 01 and 29"]),
        ("start = 2020-01-01", "start = 2020-1-1", &["case.toml:26:"]),
        ("start = 2020-01-01", "start = 01.01.2020", &["case.toml:26:"]),
        ("name = 'case'", "name = '\u{1b}[31mred'", &["case.toml:1:9", "\u{fffd}[31mred"]),
        ("name = 'case'", "name = 'a\0b'", &["case.toml:1:10", "a\u{fffd}b"]),
        ("\n[costs]", "\r[costs]", &["case.toml:21:"]),
    ]);
}

#[test]
fn bytes_that_are_no_text_are_refused_at_their_place() {
    let latin_1 = || strategy_with("name = 'case'", "name = 'XYZ'").into_bytes();
    let utf_16 = STRATEGY.encode_utf16().flat_map(u16::to_le_bytes);
    check_all([
        Case::run(
            "latin 1",
            Expected::Refused(78, &["case.toml:1:9", "0xe9 is not UTF-8", "save the file as UTF-8"]),
        )
        .with(
            "case.toml",
            latin_1().iter().map(|&byte| if byte == b'X' { 0xe9 } else { byte }).collect::<Vec<u8>>(),
        ),
        Case::run("UTF-16", Expected::Refused(78, &["case.toml:1:1", "0xff is not UTF-8"]))
            .with("case.toml", [0xff, 0xfe].into_iter().chain(utf_16).collect::<Vec<u8>>()),
        Case::run("zeros", Expected::Refused(78, &["case.toml:1:"])).with("case.toml", [0; 5000]),
    ]);
}

#[test]
fn a_file_without_end_or_depth_is_refused_in_a_short_message() {
    let deep = |open: &str| format!("a = {}", open.repeat(100_000));
    check_all([
        Case::run("arrays", Expected::Refused(78, &["case.toml:1:", "recurs"])).with("case.toml", deep("[")),
        Case::run("tables", Expected::Refused(78, &["case.toml:1:", "recurs"]))
            .with("case.toml", deep("{ a = ")),
        Case::run("dotted key", Expected::Refused(78, &["case.toml:1:1", "recurs"]))
            .with("case.toml", format!("{}a = 1", "a.".repeat(100_000))),
        Case::run("header", Expected::Refused(78, &["case.toml:1:", "recurs"]))
            .with("case.toml", format!("[{}a]", "a.".repeat(100_000))),
        Case::run("dotted key within bounds", Expected::Refused(78, &["case.toml:1:1", "unknown key 'a'"]))
            .with("case.toml", format!("{}a = 1", "a.".repeat(70))),
        Case::run("long key", Expected::Refused(78, &["case.toml:1:1", "unknown key 'kkk", "…"]))
            .with("case.toml", format!("{} = 1", "k".repeat(300_000))),
        Case::run("long line", Expected::Refused(78, &["case.toml:1:17", "…"]))
            .with("case.toml", format!("name = 'case'   {}", "x".repeat(300_000))),
        Case::run(
            "long value",
            Expected::Refused(78, &["case.toml:2:15", "unknown preset of conventions 'yyy", "…"]),
        )
        .with(
            "case.toml",
            strategy_with(
                "name = 'case'",
                &format!("name = 'case'\nconventions = '{}'", "y".repeat(300_000)),
            ),
        ),
        Case::run("long names alike", Expected::Refused(78, &["case.toml:14:20", "unknown name 'aaa", "…"]))
            .with(
                "case.toml",
                strategy_with("n = 5", &format!("n = 5\n{} = 5", "a".repeat(60_000)))
                    .replace("top(momentum(n), 1)", &format!("close + {}", "a".repeat(50_000))),
            ),
    ]);
}

#[test]
fn a_missing_key_is_named() {
    refuse(&[
        ("name = 'case'", "", &["error: case.toml: the key 'name' is missing"]),
        (
            "assets = ['AAA', 'BBB']",
            "",
            &["case.toml:7:2", "neither assets nor members, expected exactly one"],
        ),
        ("weights = ", "#", &["case.toml:12:2", "the key 'alpha.weights' is missing"]),
        ("schedule = 'daily'", "", &["case.toml:15:2", "the key 'rebalance.schedule' is missing"]),
        ("initial_cash = 1000000.0", "", &["case.toml:18:2", "the key 'portfolio.initial_cash' is missing"]),
        (
            "cash_buffer = 0.01",
            "",
            &["case.toml:20:1", "the key 'portfolio.long_only.cash_buffer' is missing"],
        ),
        ("start = 2020-01-01", "", &["case.toml:25:2", "the key 'period.start' is missing"]),
        ("end = 2020-01-31", "", &["case.toml:25:2", "the key 'period.end' is missing"]),
        ("prices = 'prices'", "", &["case.toml:30:2", "the key 'data.prices' is missing"]),
        ("[data]\nprices = 'prices'", "", &["error: case.toml: the table [data] is missing"]),
        (
            "[alpha]\nweights = 'top(momentum(n), 1) * part + equal(close) * (1 - part)'",
            "",
            &["the table [alpha] is missing"],
        ),
    ]);
    check_all([
        Case::run("empty", Expected::Refused(78, &["case.toml: the key 'name' is missing"]))
            .with("case.toml", ""),
        Case::run("comment", Expected::Refused(78, &["'name' is missing"]))
            .with("case.toml", "# nothing\n\n"),
    ]);
}

#[test]
fn an_unknown_key_comes_with_the_nearest() {
    refuse(&[
        ("name = ", "nmae = ", &["case.toml:1:1", "unknown key 'nmae'", "did you mean 'name'?"]),
        ("[costs]", "[cost]", &["case.toml:22:2", "unknown key 'cost'", "did you mean 'costs'?"]),
        ("[costs]", "[fees]", &["case.toml:22:2", "unknown key 'fees'", "the keys are: name,", "costs"]),
        (
            "commission = 0.001",
            "comission = 0.001",
            &["case.toml:23:1", "'comission' in [costs]", "did you mean 'commission'?"],
        ),
        ("assets = ", "asset = ", &["case.toml:8:1", "in [universe]", "did you mean 'assets'?"]),
        ("benchmark = ", "Benchmark = ", &["case.toml:10:1", "did you mean 'benchmark'?"]),
        ("weights = ", "signal = ", &["case.toml:13:1", "in [alpha]", "the keys are: weights"]),
        ("burn_in = ", "burnin = ", &["case.toml:27:1", "in [period]", "did you mean 'burn_in'?"]),
        (
            "cash_buffer = 0.01",
            "cash_bufer = 0.01",
            &["case.toml:20:15", "in [portfolio.long_only]", "did you mean 'cash_buffer'?"],
        ),
        (
            "prices = 'prices'",
            "prices = 'prices'\nadjusted = true",
            &["case.toml:32:1", "in [data]", "did you mean 'adjust'?"],
        ),
        (
            "[costs]",
            "[statistics]\nriskfree = 0.0\n[costs]",
            &["case.toml:23:1", "did you mean 'risk_free'?"],
        ),
        (
            "name = 'case'",
            "name = 'case'\nconventions = { preset = 'sound', riun = 'fail' }",
            &["case.toml:2:35", "in [conventions]", "did you mean 'ruin'?"],
        ),
    ]);
}

#[test]
fn a_value_of_another_type_is_refused_where_it_stands() {
    refuse(&[
        (
            "name = 'case'",
            "name = 5",
            &["case.toml:1:8", "'name': expected text in quotes, found the number 5"],
        ),
        ("name = 'case'", "name = ' '", &["case.toml:1:8", "expected a name, found nothing"]),
        (
            "name = 'case'",
            "name = 'case'\ndescription = true",
            &["case.toml:2:15", "expected text in quotes, found true"],
        ),
        ("name = 'case'", "name = 'case'\nconventions = 1", &["case.toml:2:15", "found the number 1"]),
        (
            "[parameters]\nn = 5\npart = 0.5",
            "parameters = 5",
            &["case.toml:3:14", "'parameters': expected a table"],
        ),
        ("n = 5", "n = '5'", &["case.toml:4:5", "'parameters.n': expected a number, found the text \"5\""]),
        ("n = 5", "n = true", &["case.toml:4:5", "expected a number, found true"]),
        ("n = 5", "n = [5, 6]", &["case.toml:4:5", "found a list"]),
        ("n = 5", "n = { value = 5 }", &["case.toml:4:5", "found a table"]),
        ("n = 5", "n = 2020-01-01", &["case.toml:4:5", "found the date 2020-01-01"]),
        (
            "assets = ['AAA', 'BBB']",
            "assets = 5",
            &["case.toml:8:10", "a list of tickers, or the name of a file"],
        ),
        ("assets = ['AAA', 'BBB']", "assets = ''", &["case.toml:8:10", "expected the name of a file"]),
        ("assets = ['AAA', 'BBB']", "assets = ['AAA', 5]", &["case.toml:8:18", "found the number 5"]),
        ("assets = ['AAA', 'BBB']", "assets = [['AAA']]", &["case.toml:8:11", "found a list"]),
        ("[universe]", "[[universe]]", &["case.toml:7:1", "'universe': expected a table, found a list"]),
        ("entry = { BBB = 2020-01-08 }", "entry = 2020-01-08", &["case.toml:9:9", "expected a table"]),
        (
            "entry = { BBB = 2020-01-08 }",
            "entry = { BBB = 5 }",
            &["case.toml:9:17", "without quotes, found the number 5"],
        ),
        ("benchmark = 'AAA'", "benchmark = ['AAA']", &["case.toml:10:13", "found a list"]),
        ("weights = ", "weights = 5 # ", &["case.toml:13:11", "'alpha.weights': expected text in quotes"]),
        ("schedule = 'daily'", "schedule = 5", &["case.toml:16:12", "found the number 5"]),
        (
            "initial_cash = 1000000.0",
            "initial_cash = '1000000'",
            &["case.toml:19:16", "expected an amount above 0"],
        ),
        ("{ cash_buffer = 0.01 }", "0.01", &["case.toml:20:13", "'portfolio.long_only': expected a table"]),
        (
            "commission = 0.001",
            "commission = '0.1 %'",
            &["case.toml:23:14", "expected a fraction from 0 to below 1"],
        ),
        ("prices = 'prices'", "prices = 5", &["case.toml:31:10", "found the number 5"]),
        ("prices = 'prices'", "prices = ['prices']", &["case.toml:31:10", "found a list"]),
        ("prices = 'prices'", "prices = ''", &["case.toml:31:10", "'data.prices'", "expected a folder"]),
        ("prices = 'prices'", "prices = \"a\\u0000b\"", &["case.toml:31:10", "'data.prices'"]),
        (
            "prices = 'prices'",
            "prices = 'prices'\nadjust = 'yes'",
            &["case.toml:32:10", "expected true or false, found the text \"yes\""],
        ),
        ("prices = 'prices'", "prices = 'prices'\nadjust = 1", &["case.toml:32:10", "found the number 1"]),
    ]);
}

#[test]
fn a_number_out_of_range_is_refused() {
    refuse(&[
        ("n = 5", "n = nan", &["case.toml:4:5", "expected a finite number, found nan"]),
        ("n = 5", "n = -inf", &["case.toml:4:5", "expected a finite number, found -inf"]),
        ("part = 0.5", "part = 1e999", &["case.toml:5:8", "expected a finite number, found 1e999"]),
        ("n = 5", "n = 99999999999999999999", &["case.toml:4:5", "99999999999999999999 is too large"]),
        (
            "initial_cash = 1000000.0",
            "initial_cash = 0",
            &["case.toml:19:16", "expected an amount above 0, found the number 0"],
        ),
        (
            "initial_cash = 1000000.0",
            "initial_cash = -5e300",
            &["case.toml:19:16", "found the number -5e300"],
        ),
        ("initial_cash = 1000000.0", "initial_cash = inf", &["case.toml:19:16", "found inf"]),
        (
            "cash_buffer = 0.01",
            "cash_buffer = 1.5",
            &["case.toml:20:29", "expected a fraction from 0 to 1, found the number 1.5"],
        ),
        ("cash_buffer = 0.01", "cash_buffer = -0.1", &["case.toml:20:29", "found the number -0.1"]),
        (
            "long_only = { cash_buffer = 0.01 }",
            "long_short = { gross_leverage = 0 }",
            &["case.toml:20:33", "expected a number above 0"],
        ),
        (
            "commission = 0.001",
            "commission = 1.0",
            &["case.toml:23:14", "expected a fraction from 0 to below 1"],
        ),
        ("commission = 0.001", "tax = -0.1", &["case.toml:23:7", "found the number -0.1"]),
        ("commission = 0.001", "slippage = 2", &["case.toml:23:12", "'costs.slippage'"]),
        (
            "commission = 0.001",
            "tax = 0.25\ncommission = 0.75",
            &["case.toml:23:7", "'costs.commission' 0.75 and 'costs.tax' 0.25", "expected a sum below 1"],
        ),
        (
            "commission = 0.001",
            "commission_per_share = -1",
            &["case.toml:23:24", "expected an amount of 0 or more"],
        ),
        (
            "commission = 0.001",
            "commission_minimum = -1",
            &["case.toml:23:22", "expected an amount of 0 or more"],
        ),
        (
            "[costs]",
            "[statistics]\nperiods_per_year = 0\n[costs]",
            &["case.toml:23:20", "expected a number above 0"],
        ),
        (
            "[costs]",
            "[statistics]\nrisk_free = -1\n[costs]",
            &["case.toml:23:13", "expected a fraction above -1"],
        ),
    ]);
}

#[test]
fn assets_are_named_once_and_properly() {
    refuse(&[
        ("assets = ['AAA', 'BBB']", "assets = []", &["case.toml:8:10", "expected at least one asset"]),
        ("'AAA', 'BBB']", "'AAA',\n 'AAA']", &["case.toml:9:2", "'AAA' stands twice in 'universe.assets'"]),
        ("'AAA', 'BBB']", "'../AAA']", &["case.toml:8:11", "'../AAA' is no ticker"]),
        ("'AAA', 'BBB']", "'.AAA']", &["case.toml:8:11", "'.AAA' is no ticker"]),
        ("'AAA', 'BBB']", "'']", &["case.toml:8:11", "'' is no ticker"]),
        ("'AAA', 'BBB']", "'A A']", &["case.toml:8:11", "'A A' is no ticker"]),
        ("'AAA', 'BBB']", "'A\\nA']", &["case.toml:8:11", "'A\\nA' is no ticker"]),
        ("benchmark = 'AAA'", "benchmark = 'A/A'", &["case.toml:10:13", "'A/A' is no ticker"]),
        (
            "entry = { BBB",
            "entry = { BBC",
            &[
                "case.toml:9:11",
                "'BBC' has an entry but is not among 'universe.assets'",
                "did you mean 'BBB'?",
            ],
        ),
    ]);
}

#[test]
fn parameters_are_named_for_a_formula() {
    refuse(&[
        ("n = 5", "n = 5\nsma = 3", &["case.toml:5:1", "'sma' has the name of the operator sma(x, n)"]),
        ("n = 5", "n = 5\nclose = 3", &["case.toml:5:1", "'close' has the name of a series of prices"]),
        ("n = 5", "n = 5\nand = 3", &["case.toml:5:1", "'and'"]),
        ("n = 5", "n = 5\nlook-back = 3", &["case.toml:5:1", "'look-back' cannot name a parameter"]),
        ("n = 5", "n = 5\n3rd = 3", &["case.toml:5:1", "'3rd' cannot name a parameter"]),
        ("n = 5", "n = 5\n\"\" = 3", &["case.toml:5:1", "'' cannot name a parameter"]),
        ("n = 5", "n = 5\n\"größe\" = 3", &["case.toml:5:1", "'größe' cannot name a parameter"]),
        ("n = 5", "n.a = 5", &["case.toml:4:", "'parameters.n': expected a number, found a table"]),
    ]);
}

#[test]
fn schedules_and_presets_come_with_their_names() {
    refuse(&[
        (
            "schedule = 'daily'",
            "schedule = 'dayly'",
            &["case.toml:16:12", "unknown schedule 'dayly'", "did you mean 'daily'?"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'fortnightly'",
            &["case.toml:16:12", "expected one of: buy_and_hold, daily,"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'monthly'\nday = 0",
            &[
                "case.toml:17:7",
                "'rebalance.day': expected a number from 1 to 31, or from -1 for the last day",
            ],
        ),
        ("schedule = 'daily'", "schedule = 'quarterly'\nday = -93", &["case.toml:17:7", "1 to 92"]),
        ("schedule = 'daily'", "schedule = 'yearly'\nday = 1.5", &["case.toml:17:7", "1 to 366"]),
        (
            "schedule = 'daily'",
            "schedule = 'end_of_month'\nday = -1",
            &["case.toml:17:1", "'rebalance.day' has no meaning with the schedule 'end_of_month'"],
        ),
        ("schedule = 'daily'", "schedule = 'every'", &["case.toml:16:12", "needs the key 'rebalance.every'"]),
        ("schedule = 'daily'", "schedule = 'every'\nevery = 0", &["case.toml:17:9", "from 1 to 1000000"]),
        (
            "schedule = 'daily'",
            "schedule = 'monthly'\nevery = 5",
            &["case.toml:17:1", "'rebalance.every' has no meaning with the schedule 'monthly'"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'\nweekday = []",
            &["case.toml:17:11", "expected at least one weekday"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'\nweekday = ['MON', 'mon']",
            &["case.toml:17:19", "this weekday stands twice"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'",
            &["case.toml:16:12", "needs the key 'rebalance.weekday'"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'\nweekday = 'SAT'",
            &["case.toml:17:11", "SAT needs conventions.calendar = \"sessions\""],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'\nweekday = 'Friday'",
            &["case.toml:17:11", "unknown weekday 'Friday'", "did you mean 'FRI'?"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'weekly'\nweekday = 3",
            &["case.toml:17:11", "expected text in quotes"],
        ),
        (
            "schedule = 'daily'",
            "schedule = 'daily'\nweekday = 'WEN'",
            &["case.toml:17:11", "unknown weekday 'WEN'", "did you mean 'WED'?"],
        ),
        (
            "name = 'case'",
            "name = 'case'\nconventions = 'soud'",
            &["case.toml:2:15", "unknown preset", "did you mean 'sound'?"],
        ),
        (
            "name = 'case'",
            "name = 'case'\nconventions = { preset = 'none' }",
            &["case.toml:2:26", "expected one of: qstrader, sound"],
        ),
        (
            "name = 'case'",
            "name = 'case'\nconventions = { ruin = 'stop' }",
            &["case.toml:2:24", "unknown choice of 'ruin' 'stop'", "fail"],
        ),
        ("name = 'case'", "name = 'case'\nconventions = { ruin = true }", &["case.toml:2:24", "found true"]),
        ("long_only = { cash_buffer = 0.01 }", "", &["case.toml:18:2", "neither long_only nor long_short"]),
        (
            "long_only = { cash_buffer = 0.01 }",
            "long_only = { cash_buffer = 0.01 }\nlong_short = { gross_leverage = 1 }",
            &["case.toml:21:1", "both long_only and long_short"],
        ),
    ]);
}

#[test]
fn dates_are_dates_in_utc_and_in_order() {
    refuse(&[
        (
            "start = 2020-01-01",
            "start = '2020-01-01'",
            &["case.toml:26:9", "without quotes, found the text \"2020-01-01\""],
        ),
        ("start = 2020-01-01", "start = 2020", &["case.toml:26:9", "found the number 2020"]),
        ("start = 2020-01-01", "start = 14:30:00", &["case.toml:26:9", "expected a date"]),
        ("start = 2020-01-01", "start = 0000-01-01", &["case.toml:26:9", "expected a date"]),
        (
            "start = 2020-01-01",
            "start = 2020-01-01T14:30:00+01:00",
            &["case.toml:26:9", "times are in UTC", "without the offset"],
        ),
        ("BBB = 2020-01-08", "BBB = 2020-01-08T00:00:00-05:00", &["case.toml:9:17", "times are in UTC"]),
        (
            "end = 2020-01-31",
            "end = 2019-12-31",
            &["case.toml:28:7", "'period.end' 2019-12-31 is before 'period.start' 2020-01-01\n"],
        ),
        ("end = 2020-01-31", "end = 2201-01-01", &["case.toml:28:7", "beyond the year 2200"]),
        ("end = 2020-01-31", "end = 9999-12-31", &["case.toml:28:7", "beyond the year 2200"]),
        (
            "burn_in = 2020-01-10",
            "burn_in = 2020-02-01",
            &["case.toml:27:11", "between 'period.burn_in' 2020-02-01 and 'period.end' 2020-01-31\n"],
        ),
        (
            "burn_in = 2020-01-10",
            "burn_in = 2020-01-31T21:00:01",
            &["case.toml:27:11", "2020-01-31T21:00:01Z"],
        ),
        (
            "start = 2020-01-01\nburn_in = 2020-01-10\nend = 2020-01-31",
            "start = 2020-01-11\nend = 2020-01-12",
            &["case.toml:27:7", "between 'period.start' 2020-01-11 and 'period.end' 2020-01-12\n"],
        ),
        (
            "[universe]",
            "[groups]\nsector = { tech = ['AAA', 'AAA'] }\n\n[universe]",
            &["case.toml:8:27", "'AAA' stands twice in the group 'tech', first at case.toml:8:20"],
        ),
    ]);
}

#[test]
fn sound_strategies_that_look_odd_are_accepted() {
    accept(&[
        ("name = 'case'", "\"name\" = 'case' # a comment"),
        ("name = 'case'", "name = \"\"\"\nca\\\n  se\"\"\""),
        ("name = 'case'", "name = 'größe 📈'"),
        ("n = 5", "n = 0x05"),
        ("n = 5", "n = 5.0"),
        ("n = 5", "n = 5\nN = 6\n_ = 7\ne5 = 8\ninf = 9"),
        ("part = 0.5", "part = 5e-1"),
        ("assets = ['AAA', 'BBB']", "assets = [\n  'AAA', # first\n  'BBB',\n]"),
        ("entry = { BBB = 2020-01-08 }", "entry.BBB = 2020-01-08T14:30:00Z"),
        ("entry = { BBB = 2020-01-08 }", "entry = { BBB = 2020-01-08T15:00:00.123456789-00:00 }"),
        ("entry = { BBB = 2020-01-08 }", "entry = { BBB = 9999-12-31 }"),
        ("entry = { BBB = 2020-01-08 }", "entry = { BBB = 0001-01-01 }"),
        ("schedule = 'daily'", "schedule = 'weekly'\nweekday = 'fri'"),
        ("schedule = 'daily'", "schedule = 'daily'\nweekday = 'Wed'"),
        ("initial_cash = 1000000.0", "initial_cash = 1_000_000"),
        ("initial_cash = 1000000.0", "initial_cash = 5e-324"),
        ("long_only = { cash_buffer = 0.01 }", "long_only.cash_buffer = 1"),
        ("long_only = { cash_buffer = 0.01 }", "[portfolio.long_short]\ngross_leverage = 2"),
        ("start = 2020-01-01", "start = 0001-01-01"),
        ("end = 2020-01-31", "end = 2200-12-31"),
        ("end = 2020-01-31", "end = 2020-01-31T23:59:60"),
        ("burn_in = 2020-01-10", "burn_in = 2020-01-31T21:00:00"),
        (
            "start = 2020-01-01\nburn_in = 2020-01-10\nend = 2020-01-31",
            "start = 2020-01-03\nend = 2020-01-03",
        ),
        ("prices = 'prices'", "prices = './prices/..//prices/'"),
        ("prices = 'prices'", "prices = 'prices'\nadjust = false"),
        ("[costs]\ncommission = 0.001", ""),
        ("[costs]\ncommission = 0.001", "[costs]\ncommission = 0.5\ntax = 0.4999\nslippage = 0.999"),
        ("[costs]", "[statistics]\nperiods_per_year = 1e308\nrisk_free = 1e308\n[costs]"),
        ("[costs]", "[statistics]\nperiods_per_year = 5e-324\n[costs]"),
        (
            "name = 'case'",
            "name = 'case'\nstatistics = { risk_free = 0.02 }\nconventions.preset = 'sound'\nconventions.ruin = 'continue'",
        ),
    ]);
    let whole = |title: &str, text: String| Case::run(title, Expected::Accepted).with("case.toml", text);
    check_all([
        whole("CRLF", STRATEGY.replace('\n', "\r\n")),
        whole("byte order mark", format!("\u{feff}{STRATEGY}")),
        whole(
            "comments and blank lines",
            format!("# first\n\n\t{}\n\n   # last", STRATEGY.replace('\n', " # here\n")),
        ),
        whole("tables in another order", {
            let (first, rest) = STRATEGY.split_once("[universe]").expect("a table");
            let (name, parameters) = first.split_once("[parameters]").expect("a table");
            format!("{name}[universe]{rest}[parameters]{parameters}")
        }),
    ]);
    check_all([Case::run("byte order mark", Expected::Refused(78, &["case.toml:1:8"]))
        .with("case.toml", format!("\u{feff}{}", strategy_with("name = 'case'", "name = 5")))]);
}

#[test]
fn the_universe_is_a_list_or_a_file_of_members() {
    let universe = "assets = ['AAA', 'BBB']\nentry = { BBB = 2020-01-08 }";
    refuse(&[
        (
            universe,
            "assets = ['AAA']\nmembers = 'members.csv'",
            &["case.toml:9:1", "both assets and members, expected exactly one"],
        ),
        (universe, "members = 5", &["case.toml:8:11", "expected the name of a CSV file of members"]),
        (universe, "members = [5]", &["case.toml:8:12", "expected a list of texts [symbol, entry, exit]"]),
        (universe, "members = [['AAA', '']]", &["case.toml:8:12", "[symbol, entry, exit]"]),
        (universe, "members = [['A A', '', '']]", &["case.toml:8:12", "'A A' is no ticker"]),
        (
            universe,
            "members = [['AAA', '', ''], ['AAA', '2020-01-06', '']]",
            &["case.toml:8:29", "'AAA' from 2020-01-06 overlaps the one on row 1 from the start"],
        ),
        (
            universe,
            "members = [['AAA', '', '']]\nexit = { AAA = 2020-01-20 }",
            &["case.toml:9:1", "'universe.exit' goes with 'assets'"],
        ),
        (
            universe,
            "members = [['AAA', '', '']]\nentry = { AAA = 2020-01-20 }",
            &["case.toml:9:1", "'universe.entry' goes with 'assets'"],
        ),
        (
            "benchmark = ",
            "exit = { BBC = 2020-01-20 }\nbenchmark = ",
            &["case.toml:10:10", "'BBC' has an exit but is not among", "did you mean 'BBB'?"],
        ),
        (
            "benchmark = ",
            "exit = { BBB = 2020-01-08 }\nbenchmark = ",
            &["case.toml:10:16", "the exit 2020-01-08T00:00:00Z of 'BBB' is not after its entry"],
        ),
        (
            "benchmark = ",
            "final_price = { BBC = 1.0 }\nbenchmark = ",
            &["case.toml:10:17", "neither traded nor the benchmark", "did you mean 'BBB'?"],
        ),
        (
            "benchmark = ",
            "final_price = { BBB = -1.0 }\nbenchmark = ",
            &["case.toml:10:23", "expected a price of 0 or more"],
        ),
    ]);
}

/// A strategy whose universe is a file, with a file, the exit code and what the message says.
fn with_file(key: &str, file: &str, code: i32, says: &'static [&'static str]) -> Case {
    let universe = "assets = ['AAA', 'BBB']\nentry = { BBB = 2020-01-08 }";
    let strategy = strategy_with(universe, &format!("{key} = 'u.csv'"));
    Case::run(file, Expected::Refused(code, says)).with("case.toml", strategy).with("u.csv", file)
}

#[test]
fn files_of_assets_and_members_are_refused_at_their_line() {
    let members = |file: &str, says| with_file("members", file, 65, says);
    let assets = |file: &str, says| with_file("assets", file, 65, says);
    check_all([
        assets("AAA\n# none\nA A\n", &["u.csv:3: 'A A' is no ticker"]),
        assets("AAA\nBBB\nAAA\n", &["u.csv:3: the asset 'AAA' stands twice, first on line 1"]),
        assets("\n#\n", &["u.csv:1: expected at least one ticker"]),
        assets("AAA\n\u{1b}[31m\n", &["u.csv:2: '\\u{1b}[31m' is no ticker"]),
        members("", &["u.csv:1: the file is empty, expected a header line symbol,entry,exit"]),
        members("symbol,entry\n", &["u.csv:1: no row after the header"]),
        members("name,entry\nAAA,\n", &["u.csv:1: no column 'symbol' in the header 'name,entry'"]),
        members("symbol,exit\nAAA,\n", &["u.csv:1: no column 'entry'"]),
        members("symbol,entry\n,\n", &["u.csv:2: expected a ticker, found nothing"]),
        members("symbol,entry\nAAA,5.1.2020\n", &["u.csv:2: cannot read the date '5.1.2020' of 'AAA'"]),
        members(
            "symbol,entry,exit\nAAA,2020-01-08,2020-01-08\n",
            &["u.csv:2: the exit 2020-01-08 of 'AAA' is not after its entry 2020-01-08"],
        ),
        members(
            "symbol,entry,exit\nAAA,,\nBBB,,2020-01-09\nBBB,2020-01-07,\n",
            &["u.csv:4: the spell of 'BBB' from 2020-01-07 overlaps the one on line 3 from the start"],
        ),
        members(
            "symbol,entry\nAAA,2021-01-01\n",
            &["u.csv: no symbol is a member between 2020-01-01 and 2020-01-31\n"],
        ),
    ]);
    let strategy =
        strategy_with("assets = ['AAA', 'BBB']\nentry = { BBB = 2020-01-08 }", "members = 'none.csv'");
    check_all([
        Case::run("no file", Expected::Refused(66, &["none.csv: no such file"])).with("case.toml", strategy)
    ]);
}

#[test]
fn keys_of_trading_are_in_their_range() {
    let schedule = "schedule = 'daily'";
    let long = "long_only = { cash_buffer = 0.01 }";
    refuse(&[
        (
            schedule,
            "schedule = 'daily'\nwhen = 'fixed(AAA = 1)'",
            &["case.toml:17:9", "'fixed' has no place in 'when'"],
        ),
        (schedule, "schedule = 'daily'\nwhen = 'close >'", &["case.toml:17:"]),
        (schedule, "schedule = 'daily'\nwhen = 'close > sma(0)'", &["case.toml:17:21", "from 1 to 1000000"]),
        (
            schedule,
            "schedule = 'buy_and_hold'\nwhen = '1'",
            &["case.toml:17:1", "'rebalance.when' has no meaning with the schedule 'buy_and_hold'"],
        ),
        (schedule, "schedule = 'daily'\nfill = 'same_open'", &["case.toml:17:8", "unknown fill 'same_open'"]),
        (schedule, "schedule = 'daily'\nband = 1.0", &["case.toml:17:8", "a fraction from 0 to below 1"]),
        (schedule, "schedule = 'daily'\ntrade = 'change'", &["case.toml:17:9", "did you mean 'changed'?"]),
        (
            long,
            "long_short = {}",
            &["case.toml:20:1", "neither gross_leverage nor max_gross, expected exactly one"],
        ),
        (
            long,
            "long_short = { gross_leverage = 1, max_gross = 1 }",
            &["case.toml:20:36", "both gross_leverage and max_gross, expected exactly one"],
        ),
        (long, "long_short = { max_gross = 0 }", &["case.toml:20:28", "expected a number above 0"]),
        (long, "long_only = { cash_buffer = 0 }\nidle = 'A A'", &["case.toml:21:8", "'A A' is no ticker"]),
        (long, "long_only = { cash_buffer = 0 }\nshares = 'half'", &["case.toml:21:10", "whole, fractional"]),
        (
            "commission = 0.001",
            "cash_rate = 4.5",
            &["case.toml:23:13", "a rate of 4.5 is 450 % a year; write 0.045"],
        ),
        ("commission = 0.001", "cash_rate = 1.1", &["a rate of 1.1 is 110 % a year; write 0.011"]),
        (
            "commission = 0.001",
            "cash_rate = -1",
            &["case.toml:23:13", "expected a yearly rate above -1 to 1"],
        ),
        ("commission = 0.001", "debit_rate = -0.1", &["case.toml:23:14", "a yearly rate from 0 to 1"]),
        (
            "commission = 0.001",
            "debit_rate = true",
            &["case.toml:23:14", "from 0 to 1 or a formula, found true"],
        ),
        ("commission = 0.001", "borrow_rate = '2 * 2'", &["case.toml:23:15", "a rate of 4 is 400 % a year"]),
        (
            "commission = 0.001",
            "cash_rate = 'close / 100'",
            &["case.toml:23:14", "'close' is not; write of(\"TICKER\", ...)"],
        ),
        ("commission = 0.001", "cash_rate = 'sma(5)'", &["case.toml:23:14", "write of(\"TICKER\", ...)"]),
    ]);
    accept(&[
        (schedule, "schedule = 'daily'\nwhen = 'close > 1'\nfill = 'next_open'\ntrade = 'all'"),
        ("commission = 0.001", "cash_rate = 0.02\ndebit_rate = 0.05\nborrow_rate = 0"),
        ("benchmark = ", "final_price = { BBB = 0 }\nexit = { BBB = 2020-01-20 }\nbenchmark = "),
    ]);
}
