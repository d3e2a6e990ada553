//! Random cases: any mixture of conventions and keys over prices with holes, late beginnings and early ends.

use chrono::{Datelike, Days, NaiveDate, Weekday};

use super::case::{Case, Key};
use super::strategy::CONVENTIONS;
use crate::slow_simulation::draw::Draw;

/// Assets that may be in the universe.
const MEMBERS: [&str; 4] = ["DDD", "AAA", "CCC", "BBB"];
/// Assets that never are: named by `fixed`, idle, the benchmark, and one that formulas look at.
const OTHERS: [&str; 4] = ["OUT", "CASH", "INDEX", "FEAR"];

struct Made {
    draw: Draw,
    keys: Vec<Key>,
    files: Vec<(String, String)>,
    start: NaiveDate,
    end: NaiveDate,
    members: Vec<&'static str>,
    sessions: bool,
    long_only: bool,
}

pub fn case(seed: u64) -> Case {
    let mut draw = Draw::seeded(seed);
    let start = NaiveDate::from_ymd_opt(2022, 10, 1).expect("a date") + Days::new(draw.between(0, 200));
    let length = draw.pick(&[8, 25, 50, 90]);
    let end = start + Days::new(draw.between(length / 2, length));
    let count = draw.index(1, 4);
    let (sessions, long_only) = (draw.percent(60), draw.percent(65));
    let members = MEMBERS[..count].to_vec();
    let mut made = Made { draw, keys: vec![], files: vec![], start, end, members, sessions, long_only };
    made.conventions();
    made.universe();
    made.rebalance();
    made.portfolio();
    made.costs();
    made.period();
    made.prices();
    Case { seed, keys: made.keys, files: made.files }
}

impl Made {
    fn key(&mut self, table: &'static str, name: &str, value: impl Into<String>) {
        self.keys.push(Key { table, name: name.into(), value: value.into(), optional: false });
    }

    fn optional(&mut self, table: &'static str, name: &str, value: impl Into<String>) {
        self.keys.push(Key { table, name: name.into(), value: value.into(), optional: true });
    }

    /// A day of the period, or a few days before or after it.
    fn day(&mut self) -> NaiveDate {
        let length = (self.end - self.start).num_days() as u64;
        self.start - Days::new(10) + Days::new(self.draw.between(0, length + 15))
    }

    fn conventions(&mut self) {
        let sound = self.draw.percent(60);
        self.key("conventions", "preset", if sound { "\"sound\"" } else { "\"qstrader\"" });
        let departs = self.draw.pick(&[0, 10, 50]);
        for (field, qstrader, corrected) in CONVENTIONS {
            let other = if field == "calendar" {
                self.sessions != sound
            } else if field == "ruin" {
                sound && self.draw.percent(50)
            } else {
                self.draw.percent(departs)
            };
            if other {
                let choice = if sound { qstrader } else { corrected };
                self.optional("conventions", field, format!("{choice:?}"));
            }
        }
    }

    fn universe(&mut self) {
        let quoted: Vec<String> = self.members.iter().map(|ticker| format!("{ticker:?}")).collect();
        match self.draw.between(0, 9) {
            0..=5 => self.key("universe", "assets", format!("[{}]", quoted.join(", "))),
            6 => {
                self.key("universe", "assets", "\"list.txt\"");
                self.files.push(("list.txt".into(), format!("# all\n\n {}\n", self.members.join("\n"))));
            }
            _ => {
                self.members_file();
                return self.benchmark();
            }
        }
        let mut dates = |chance| {
            let mut rows = Vec::new();
            for ticker in self.members.clone() {
                if self.draw.percent(chance) {
                    let time = self.draw.pick(&["", "", "T14:30:00", "T21:00:00"]);
                    rows.push((ticker, self.day(), time));
                }
            }
            rows
        };
        let entries = dates(25);
        let mut exits = dates(25);
        exits.retain(|(ticker, exit, _)| {
            !entries.iter().any(|(entered, entry, _)| entered == ticker && entry >= exit)
        });
        for (name, rows) in [("entry", entries), ("exit", exits)] {
            if !rows.is_empty() {
                let rows: Vec<String> =
                    rows.iter().map(|(ticker, date, time)| format!("{ticker} = {date}{time}")).collect();
                self.optional("universe", name, format!("{{ {} }}", rows.join(", ")));
            }
        }
        self.benchmark();
    }

    fn members_file(&mut self) {
        let mut rows = Vec::new();
        for ticker in self.members.clone() {
            let mut days: Vec<NaiveDate> = (0..self.draw.index(0, 4)).map(|_| self.day()).collect();
            days.sort();
            days.dedup();
            let mut bounds: Vec<String> = days.iter().map(NaiveDate::to_string).collect();
            if self.draw.percent(60) || bounds.is_empty() {
                bounds.insert(0, String::new());
            }
            for pair in bounds.chunks(2) {
                rows.push(format!("{ticker},{},{}", pair[0], pair.get(1).map_or("", String::as_str)));
            }
        }
        self.draw.shuffle(&mut rows);
        self.key("universe", "members", "\"members.csv\"");
        self.files.push(("members.csv".into(), format!("symbol,entry,exit\n{}\n", rows.join("\n"))));
    }

    fn benchmark(&mut self) {
        if self.draw.percent(40) {
            let ticker = self.draw.pick(&["INDEX", "INDEX", "CASH", self.members[0]]);
            self.optional("universe", "benchmark", format!("{ticker:?}"));
        }
        if self.draw.percent(15) {
            let ticker = self.members[0];
            let price = self.draw.pick(&["0", "0.0", "12.5", "250.0"]);
            self.optional("universe", "final_price", format!("{{ {ticker} = {price} }}"));
        }
        let weights = self.weights();
        self.key("alpha", "weights", format!("'{weights}'"));
    }

    fn window(&mut self) -> u64 {
        self.draw.pick(&[1, 2, 3, 5, 9])
    }

    fn fraction(&mut self) -> f64 {
        self.draw.pick(&[0.1, 0.25, 0.3, 0.37, 0.5, 0.8, 1.0])
    }

    fn condition(&mut self) -> String {
        let (n, m) = (self.window(), self.window());
        match self.draw.between(0, 9) {
            0 => format!("close > sma({n})"),
            1 => format!("sma({n}) > sma({m})"),
            2 => format!("momentum({n}) > 0"),
            3 => format!("of(\"FEAR\", close) > of(\"FEAR\", sma({n}))"),
            4 => format!("of(\"FEAR\", returns({n})) > 0"),
            5 => format!("close > lag(close, {n})"),
            6 => format!("hold(close > sma({n}), close < lowest(low, {m}) * 1.01)"),
            7 => "rank(close) < 3".into(),
            8 if self.draw.percent(50) => format!("ema({n}) > open and not atr({m}) > close * 0.02"),
            8 => "volume > 2000".into(),
            _ => format!("close / of(\"FEAR\", close) > sma(close / of(\"FEAR\", close), {n})"),
        }
    }

    /// A `fixed` of a member or two and of assets outside the universe.
    fn fixed(&mut self) -> String {
        let mut named = vec![self.members[0], "OUT"];
        if self.draw.percent(30) {
            named.push("CASH");
        }
        if self.members.len() > 1 && self.draw.percent(50) {
            named.push(self.members[1]);
        }
        self.draw.shuffle(&mut named);
        let weights: Vec<String> = named
            .iter()
            .map(|ticker| {
                let short = !self.long_only && self.draw.percent(40);
                format!("{ticker} = {}{}", if short { "-" } else { "" }, self.fraction() / 2.0)
            })
            .collect();
        format!("fixed({})", weights.join(", "))
    }

    fn weights(&mut self) -> String {
        let (n, k, x, y) = (self.window(), self.draw.between(1, 3), self.fraction(), self.fraction());
        let (first, second) = (self.condition(), self.condition());
        match self.draw.between(0, if self.long_only { 11 } else { 15 }) {
            0 => "1 / count()".into(),
            1 => format!("equal({first}) * {x}"),
            2 => format!("top(momentum({n}), {k}) * {x}"),
            3 => format!("top(close, {k}) * 0.5 + {x} / count()"),
            4 => "share(1 / close)".into(),
            5 => format!("bottom(momentum(close / of(\"FEAR\", close), {n}), {k})"),
            6 if self.draw.percent(50) => format!("fill({}, 0) + {x} / count() / 3", self.fixed()),
            6 => self.fixed(),
            7 => format!("{} * ({first})", self.fixed()),
            8 => format!("if({first}, {x}, 0) * ({second}) / count()"),
            9 => format!("({first}) * {x} + ({second}) * 0.1"),
            10 => format!("equal(hold({first}, {second}))"),
            11 => format!("share(1 / volatility({})) * {x}", n + 1),
            12 => format!("if({first}, {x}, -{y})"),
            13 => format!("if({first}, {x}, -{y}) / count()"),
            14 => format!("demean(momentum({n})) * 3"),
            _ => format!("({first}) * {x} - ({second}) * {y}"),
        }
    }

    fn rebalance(&mut self) {
        let schedules = [
            "buy_and_hold",
            "daily",
            "weekly",
            "monthly",
            "quarterly",
            "yearly",
            "end_of_month",
            "on_change",
            "every",
        ];
        let often = ["daily", "on_change", "weekly", "every"];
        let schedule =
            if self.draw.percent(50) { self.draw.pick(&often) } else { self.draw.pick(&schedules) };
        self.key("rebalance", "schedule", format!("{schedule:?}"));
        match schedule {
            "weekly" => {
                let mut days = vec!["MON", "TUE", "wed", "THU", "FRI"];
                if self.keys.iter().any(|key| key.name == "calendar")
                    == self.keys[0].value.contains("qstrader")
                {
                    days.extend(["SAT", "sun"]);
                }
                self.draw.shuffle(&mut days);
                let count = self.draw.index(1, 3);
                self.key("rebalance", "weekday", format!("{:?}", &days[..count]));
            }
            "monthly" | "quarterly" | "yearly" => {
                let most = match schedule {
                    "monthly" => 24,
                    "quarterly" => 70,
                    _ => 150,
                };
                let day = self.draw.between(1, most) as i64;
                let day = if self.draw.percent(40) { -day } else { day };
                self.optional("rebalance", "day", day.to_string());
            }
            "every" => {
                let every = self.draw.between(1, 9);
                self.key("rebalance", "every", every.to_string());
            }
            _ => {}
        }
        if schedule != "buy_and_hold" && self.draw.percent(25) {
            let when = self.condition();
            self.optional("rebalance", "when", format!("'{when}'"));
        }
        let fill = self.draw.pick(&["next_open", "next_open", "next_close", "same_close"]);
        self.optional("rebalance", "fill", format!("{fill:?}"));
        if self.draw.percent(30) {
            let band = self.draw.pick(&["0.0", "0.005", "0.02", "0.1", "0.5"]);
            self.optional("rebalance", "band", band);
        }
        if self.draw.percent(30) {
            self.optional("rebalance", "trade", "\"changed\"");
        }
    }

    fn portfolio(&mut self) {
        let cash = self.draw.pick(&["1_000_000.0", "100_000.0", "5_000.0", "730.0"]);
        self.key("portfolio", "initial_cash", cash);
        if self.long_only {
            let buffer = self.draw.pick(&["0.0", "0.01", "0.2"]);
            self.key("portfolio", "long_only", format!("{{ cash_buffer = {buffer} }}"));
        } else {
            let limit = self.draw.pick(&["gross_leverage", "max_gross"]);
            let gross = self.draw.pick(&["0.5", "1.0", "1.7"]);
            self.key("portfolio", "long_short", format!("{{ {limit} = {gross} }}"));
        }
        if self.draw.percent(30) {
            let ticker = self.draw.pick(&["CASH", "CASH", "CASH", "OUT", self.members[0]]);
            self.optional("portfolio", "idle", format!("{ticker:?}"));
        }
        if self.draw.percent(35) {
            self.optional("portfolio", "shares", "\"fractional\"");
        }
    }

    fn costs(&mut self) {
        for (name, values) in [
            ("commission", ["0.001", "0.01"]),
            ("tax", ["0.005", "0.002"]),
            ("commission_per_share", ["0.01", "0.3"]),
            ("commission_minimum", ["1.0", "25.0"]),
            ("slippage", ["0.0005", "0.01"]),
        ] {
            if self.draw.percent(20) {
                let value = self.draw.pick(&values);
                self.optional("costs", name, value);
            }
        }
        for name in ["cash_rate", "debit_rate", "borrow_rate"] {
            if self.draw.percent(25) {
                let n = self.window();
                let rate = match self.draw.between(0, 6) {
                    0 => "'of(\"FEAR\", close) / 1000'".into(),
                    1 => format!("'sma(of(\"FEAR\", close), {n}) / 500'"),
                    2 => format!("'of(\"FEAR\", sma({n})) / 1000'"),
                    3 => format!("'if(of(\"FEAR\", returns({n})) > 0, 0.05, -0.02)'"),
                    _ => self.draw.pick(&["0.04", "0.2", "0", "1.0"]).to_string(),
                };
                self.optional("costs", name, rate);
            }
        }
    }

    fn period(&mut self) {
        let start_time =
            self.draw.pick(&["", "", "", "T14:30:00", "T21:00:00", "T10:15:00", "T15:00:00", "T22:00:00"]);
        let end_time = self.draw.pick(&["", "", "", "T00:00:00", "T23:59:00", "T16:00:00"]);
        self.key("period", "start", format!("{}{start_time}", self.start));
        if self.draw.percent(25) {
            let length = (self.end - self.start).num_days() as u64;
            let burn_in = self.start + Days::new(self.draw.between(0, length / 2));
            let time = self.draw.pick(&["", "", "T14:30:00", "T21:00:00", "T23:00:00"]);
            self.optional("period", "burn_in", format!("{burn_in}{time}"));
        }
        self.key("period", "end", format!("{}{end_time}", self.end));
        self.key("data", "prices", "\"prices\"");
        let adjust = self.draw.percent(30);
        self.key("data", "adjust", adjust.to_string());
        if self.draw.percent(20) {
            self.optional("statistics", "risk_free", "0.02");
        }
    }

    /// A file for every asset, whether the strategy looks at it or not.
    fn prices(&mut self) {
        let days = self.draw.pick(&[0, 0, 8, 60, 110]);
        let first = self.start - Days::new(days);
        let last = self.end + Days::new(self.draw.pick(&[0, 3, 12, 40]));
        let holidays = self.draw.pick(&[0, 4, 10]);
        let weekends = self.draw.pick(&[0, 0, 0, 50, 100]);
        let open: Vec<NaiveDate> = first
            .iter_days()
            .take_while(|date| *date <= last)
            .filter(|date| {
                let weekend = matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
                if weekend { self.draw.percent(weekends) } else { !self.draw.percent(holidays) }
            })
            .collect();
        for ticker in MEMBERS.into_iter().take(self.members.len()).chain(OTHERS) {
            let text = self.file(&open, ticker == "FEAR");
            self.files.push((format!("prices/{ticker}.csv"), text));
        }
    }

    /// Rows on some of the days on which the market is open. What is only looked at may be at zero and below.
    fn file(&mut self, open: &[NaiveDate], any_value: bool) -> String {
        let draw = &mut self.draw;
        let begins = if draw.percent(20) { draw.index(0, open.len() / 2) } else { 0 };
        let ends = if draw.percent(20) { draw.index(open.len() / 2, open.len()) } else { open.len() };
        let (holes, blanks, swing) =
            (draw.pick(&[0, 0, 5, 30]), draw.pick(&[0, 0, 4]), draw.pick(&[0.0, 0.01, 0.03, 0.08]));
        let mut price = draw.pick(&[9.5, 40.0, 100.0, 250.0, 31_000.0]);
        let lowered = if any_value && draw.percent(30) { price } else { 0.0 };
        let headless = draw.percent(10);
        let mut gap = 0;
        let mut text = "Date,Open,High,Low,Close,Adj Close,Volume\n".to_string();
        let mut rows = 0;
        for date in open.iter().take(ends).skip(begins) {
            let opened = ((price * (1.0 + swing / 2.0 * draw.swing())) * 100.0).round() / 100.0;
            price = ((opened * (1.0 + swing * draw.swing())).max(0.5) * 100.0).round() / 100.0;
            if draw.percent(2) && holes > 0 {
                gap = draw.between(2, 9);
            }
            gap = gap.saturating_sub(1);
            if (gap > 0 || draw.percent(holes)) && rows > 0 {
                continue;
            }
            let adjusted = ((price * 0.9) * 100.0).round() / 100.0;
            let (high, low) = (opened.max(price) + 0.25, opened.min(price) - 0.25);
            let prices = [opened, high, low, price, adjusted].map(|price| (price - lowered).to_string());
            let [opened, high, low, closed, adjusted] = prices;
            let mut cells = [opened, high, low, closed, adjusted, draw.between(500, 5000).to_string()];
            match draw.between(0, 5) {
                0..=2 if rows == 0 && headless => cells[0].clear(),
                3 if rows == 0 && headless => cells = Default::default(),
                _ if rows == 0 || !draw.percent(blanks) => {}
                0 => cells = Default::default(),
                1 => cells[3].clear(),
                2 => cells[4].clear(),
                3 => (cells[3], cells[4]) = Default::default(),
                _ => cells[0].clear(),
            }
            text += &format!("{date},{}\n", cells.join(","));
            rows += 1;
        }
        if rows == 0 {
            let date = open.last().copied().unwrap_or(self.start);
            text += &format!("{date},{price},{price},{price},{price},{price},1000\n");
        }
        text
    }
}
