//! What a user should know of the prices of a strategy: who joins late, whose prices end, whose calendar differs. Simulates
//! nothing.

use std::collections::BTreeSet;
use std::ops::Range;

use super::definition::Strategy;
use super::ends::end_of;
use super::notice::Notice;
use crate::engine::conventions::{AfterLastBar, TradingDays};
use crate::engine::schedule::RebalanceSchedule;
use crate::market::bar_days::BarDays;
use crate::market::date::Phase;
use crate::market::decisions::Decisions;
use crate::market::prices::{AssetId, Market};
use crate::market::universe::Member;

/// If an asset's last bar is more days than this before the end of the backtest, there is a notice.
const STALE_DAYS: i64 = 5;
/// Fewer assets than this on a date do not tell whether one of their files is wrong.
const ASSETS_LEAST: i64 = 10;

/// A strategy and its prices.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PricedStrategy<'a> {
    /// The strategy.
    pub strategy: &'a Strategy,
    /// Its prices.
    pub market: &'a Market,
    /// The members of the universe.
    pub members: &'a [Member],
    /// The day at which the prices of a traded asset have ended, by asset; 0 if before the first day.
    pub ends: &'a [Option<usize>],
    /// Its decisions.
    pub decisions: &'a Decisions,
}

impl PricedStrategy<'_> {
    /// The notices.
    pub(crate) fn notices(&self) -> Vec<Notice> {
        let mut notices: Vec<Notice> = self.joining_late().collect();
        notices.extend(self.never_members());
        notices.extend(self.idle_without_price());
        notices.extend(self.leavers());
        notices.extend(self.endings());
        notices.extend(self.final_prices());
        match self.strategy.conventions.calendar {
            TradingDays::Weekdays => notices.extend(self.weekend_rows()),
            TradingDays::Sessions => {
                let attendances = self.attendances();
                notices.extend(self.few_bars(&attendances));
                notices.extend(self.lonely_session(&attendances));
            }
        }
        notices
    }

    /// The assets that it may trade.
    fn traded(&self) -> BTreeSet<AssetId> {
        self.strategy.traded().filter_map(|symbol| self.market.asset(symbol)).collect()
    }

    /// The notices about assets that join with their first price.
    fn joining_late(&self) -> impl Iterator<Item = Notice> {
        let is_late = |member: &&Member| {
            member.waits_for_price && self.ends[member.asset.0 as usize] != Some(0) && !self.never(member)
        };
        let mut late: Vec<&Member> = self.members.iter().filter(is_late).collect();
        late.sort_by_key(|member| member.position);
        late.into_iter().map(|member| Notice::JoinsLate {
            asset: self.market.symbol(member.asset).to_owned(),
            entry: member.entry.to_string(),
            first_bar: self.market.first_price(member.asset).map(|price| price.date),
        })
    }

    /// Whether an asset has prices and is a member on no day, because of its entry and exit.
    fn never(&self, member: &Member) -> bool {
        let last_date = self.market.date(self.market.days() - 1);
        let has_price = self.market.first_price(member.asset).is_some_and(|price| price.date <= last_date);
        member.spells.is_empty() && has_price && self.ends[member.asset.0 as usize] != Some(0)
    }

    /// The notices about assets that are members on no day.
    fn never_members(&self) -> impl Iterator<Item = Notice> {
        let mut never: Vec<&Member> = self.members.iter().filter(|member| self.never(member)).collect();
        never.sort_by_key(|member| member.position);
        never
            .into_iter()
            .map(|member| Notice::NeverMember { asset: self.market.symbol(member.asset).to_owned() })
    }

    /// The notice about an idle asset without a price on the first day.
    fn idle_without_price(&self) -> Option<Notice> {
        let symbol = self.strategy.idle.as_deref()?;
        let asset = self.market.asset(symbol)?;
        let first = self.market.close(asset).iter().position(|price| !price.is_nan());
        let from = first.map(|day| self.market.date(day));
        (first != Some(0)).then(|| Notice::IdleWithoutPrice { asset: symbol.to_owned(), from })
    }

    /// The notices about members at the only decision of buy-and-hold that leave after it.
    fn leavers(&self) -> Vec<Notice> {
        let decision = match self.decisions {
            _ if self.strategy.schedule != RebalanceSchedule::BuyAndHold => None,
            Decisions::Open(day) => Some((*day, Phase::Open)),
            Decisions::Closes(days) => days.first().map(|day| (*day, Phase::Close)),
        };
        let Some((day, phase)) = decision else { return Vec::new() };
        let mut leavers: Vec<(usize, Notice)> = Vec::new();
        for member in self.members {
            let days = member.spells.iter().map(|spell| match phase {
                Phase::Open => &spell.opens,
                Phase::Close => &spell.closes,
            });
            let exit = days.filter(|days| days.contains(&(day as usize))).map(|days| days.end).next();
            // Not the end of its prices.
            let left = |day: &usize| member.away.iter().any(|away| away.closes.contains(day));
            if let Some(exit) = exit.filter(left) {
                let (asset, date) = (self.market.symbol(member.asset).to_owned(), self.market.date(exit));
                leavers.push((member.position, Notice::LeavesAfterDecision { asset, date }));
            }
        }
        leavers.sort_by_key(|(position, _)| *position);
        leavers.into_iter().map(|(_, notice)| notice).collect()
    }

    /// The notice about the end of each asset whose prices end. That of the benchmark belongs to its purchase.
    fn endings(&self) -> impl Iterator<Item = Notice> {
        let benchmark = self.strategy.benchmark.as_deref().and_then(|symbol| self.market.asset(symbol));
        let assets = (0..self.market.symbols().len()).map(|index| AssetId(index as u32));
        assets.filter_map(move |asset| {
            let symbol = self.market.symbol(asset).to_owned();
            let last_known = self.market.last_known_bar(asset).map(|bar| bar.date);
            match (self.ends[asset.0 as usize], last_known) {
                (Some(0), Some(last_bar)) => Some(Notice::NeverJoins { asset: symbol, last_bar }),
                (Some(_), Some(last_bar)) => Some(Notice::Ends { asset: symbol, last_bar, paid_out: None }),
                _ if benchmark == Some(asset) && end_of(self.strategy, self.market, asset).is_some() => None,
                _ => self.stale(asset),
            }
        })
    }

    /// The notice about an asset that shows its last price for long.
    fn stale(&self, asset: AssetId) -> Option<Notice> {
        let market = self.market;
        let (last_bar, last_day) = (market.last_bar(asset)?, market.days() - 1);
        (last_day as i64 - market.calendar().day(last_bar) > STALE_DAYS).then(|| Notice::EndsEarly {
            asset: market.symbol(asset).to_owned(),
            last_bar,
            end: market.date(last_day),
        })
    }

    /// Final prices without effect.
    fn final_prices(&self) -> impl Iterator<Item = Notice> {
        let last_price = self.strategy.conventions.after_last_bar == AfterLastBar::LastPrice;
        let end = |symbol: &str| end_of(self.strategy, self.market, self.market.asset(symbol)?);
        let unused = move |symbol: &str| end(symbol).is_none_or(|day| day == 0);
        let stated = self.strategy.final_prices.iter().map(|(symbol, _)| symbol);
        stated
            .filter(move |symbol| unused(symbol))
            .map(move |symbol| Notice::FinalPriceUnused { asset: symbol.clone(), last_price })
    }

    /// The notice about rows on weekends, of the asset with most of them.
    fn weekend_rows(&self) -> Option<Notice> {
        let counts = self.traded().into_iter().map(|asset| (asset, self.market.weekend_bars(asset)));
        let with_rows: Vec<_> = counts.filter(|(_, count)| count.on_weekends > 0).collect();
        let (asset, count) = with_rows.iter().rev().max_by_key(|(_, count)| count.on_weekends)?;
        Some(Notice::WeekendRows {
            asset: self.market.symbol(*asset).to_owned(),
            on_weekends: count.on_weekends,
            rows: count.bars,
            others: with_rows.len() - 1,
        })
    }

    /// The traded assets that have a bar.
    fn attendances(&self) -> Vec<Attendance<'_>> {
        let market = self.market;
        let attendance = |asset| {
            let [opens, closes] = [Phase::Open, Phase::Close].map(|phase| market.bar_days(asset, phase));
            let has_any = |days: &&BarDays| !days.span().is_empty();
            let spans = [opens, closes].into_iter().filter(has_any).map(BarDays::span);
            let span = spans.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end))?;
            let is_earlier = market.first_price(asset).is_some_and(|price| price.date < market.date(0));
            let between = if is_earlier { 0..span.end } else { span };
            Some(Attendance { asset, between, opens, closes })
        };
        self.traded().into_iter().filter_map(attendance).collect()
    }

    /// The notice about the asset with the smallest part of the sessions between its first and its last bar.
    fn few_bars(&self, attendances: &[Attendance]) -> Option<Notice> {
        let counts = attendances.iter().map(|asset| (asset.asset, asset.bars(), asset.between.len()));
        let few: Vec<_> = counts.filter(|(_, bars, sessions)| bars * 10 < sessions * 9).collect();
        let (asset, bars, sessions) = *few.iter().min_by(|a, b| (a.1 * b.2).cmp(&(b.1 * a.2)))?;
        let asset = self.market.symbol(asset).to_owned();
        Some(Notice::FewBars { asset, bars, sessions, others: few.len() - 1 })
    }

    /// The notice about the first session on which nearly no asset has a bar.
    fn lonely_session(&self, attendances: &[Attendance]) -> Option<Notice> {
        let days = self.market.days();
        // Changes from day to day: most assets have a bar on each of their days, and are counted at both ends alone.
        let (mut bars, mut assets) = (vec![0i64; days + 1], vec![0i64; days + 1]);
        for attendance in attendances {
            let between = attendance.between.clone();
            (assets[between.start], assets[between.end]) =
                (assets[between.start] + 1, assets[between.end] - 1);
            let present = if attendance.is_gapless() { vec![between] } else { attendance.runs() };
            for run in present {
                (bars[run.start], bars[run.end]) = (bars[run.start] + 1, bars[run.end] - 1);
            }
        }
        for day in 1..=days {
            assets[day] += assets[day - 1];
            bars[day] += bars[day - 1];
        }
        let is_lonely = |day: &usize| assets[*day] >= ASSETS_LEAST && bars[*day] * 10 < assets[*day];
        let mut lonely = (0..days).filter(is_lonely);
        let day = lonely.next()?;
        let trader = attendances.iter().find(|attendance| attendance.has_bar(day))?;
        Some(Notice::LonelySession {
            date: self.market.date(day),
            bars: bars[day] as usize,
            assets: assets[day] as usize,
            others: lonely.count(),
            asset: self.market.symbol(trader.asset).to_owned(),
        })
    }
}

/// The days on which an asset has a bar of its own.
#[derive(Debug)]
struct Attendance<'a> {
    asset: AssetId,
    /// From its first bar, or from day 0 if that comes before, until after its last.
    between: Range<usize>,
    opens: &'a BarDays,
    closes: &'a BarDays,
}

impl Attendance<'_> {
    fn has_bar(&self, day: usize) -> bool {
        self.opens.has(day) || self.closes.has(day)
    }

    /// Whether it has a bar on each of its days, as far as that can be seen without looking at each.
    fn is_gapless(&self) -> bool {
        self.opens.cover(&self.between) || self.closes.cover(&self.between)
    }

    /// Number of days with a bar.
    fn bars(&self) -> usize {
        match self.is_gapless() {
            true => self.between.len(),
            false => self.between.clone().filter(|day| self.has_bar(*day)).count(),
        }
    }

    /// The runs of days with a bar.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for day in self.between.clone().filter(|day| self.has_bar(*day)) {
            match runs.last_mut() {
                Some(run) if run.end == day => run.end = day + 1,
                _ => runs.push(day..day + 1),
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use crate::formula::check::Purpose;
    use crate::formula::names::Names;
    use crate::formula::node::Formula;
    use crate::strategy::prepare::prepare;
    use crate::strategy::run::run;
    use crate::strategy::testing::strategy;

    /// Rows of some days of January 2023.
    fn rows(days: &[u32]) -> String {
        days.iter().map(|day| format!("2023-01-{day:02},2,2\n")).collect()
    }

    /// What is told of a strategy, under a preset, with these rows by ticker; more keys of `[universe]` in `keys`.
    fn told(preset: &str, keys: &str, files: &[(&str, String)]) -> Vec<String> {
        let names: Vec<String> = files.iter().map(|(ticker, _)| format!("\"{ticker}\"")).collect();
        let text = format!("conventions = {preset}\nuniverse = {{ assets = [{}]{keys} }}", names.join(", "));
        let files: Vec<(&str, &str)> = files.iter().map(|(ticker, rows)| (*ticker, &**rows)).collect();
        let (_folder, mut strategy) = strategy(&text, &files);
        strategy.final_prices = vec![("A".to_owned(), 1.0)];
        prepare(&strategy).unwrap().notices.iter().map(ToString::to_string).collect()
    }

    const UNUSED: &str = "final_price of 'A' has no effect: its prices do not end in the period";
    const DAYS: [u32; 10] = [2, 3, 4, 5, 6, 9, 10, 11, 12, 13];

    #[test]
    fn who_ends_leaves_or_never_joins() {
        let files =
            |last| [("A", rows(&DAYS)), ("B", rows(&DAYS[..last])), ("C", "2022-12-30,1,1\n".to_owned())];
        let never = "asset 'C' never joins: its prices end on 2022-12-30, before the backtest begins";
        let leaves = "the prices of asset 'B' end on 2023-01-05: it leaves the universe";
        assert_eq!(told("\"sound\"", "", &files(4)), [leaves, never, UNUSED]);
        // Five sessions after the last bar are none too many.
        assert_eq!(told("\"sound\"", "", &files(5)), [never, UNUSED]);
        let stays = |asset: &str, day: &str| {
            format!("the prices of asset '{asset}' end on {day}; until 2023-01-13 its last price is used")
        };
        let kept = "final_price of 'A' has no effect under after_last_bar = \"last_price\"";
        let told = told("\"qstrader\"", "", &files(4));
        assert_eq!(told, [stays("B", "2023-01-05"), stays("C", "2022-12-30"), kept.to_owned()]);
    }

    #[test]
    fn who_is_no_member_on_any_day_is_named() {
        let files = [("A", rows(&DAYS)), ("B", rows(&DAYS))];
        let never = "asset 'B' is a member on no day of the backtest: look at its entry and exit";
        for keys in [", exit = { B = 2022-06-01 }", ", entry = { B = 2023-02-01 }"] {
            assert!(told("\"sound\"", keys, &files).iter().any(|notice| notice == never), "{keys}");
        }
        let told = told("\"sound\"", ", exit = { B = 2023-01-04 }", &files);
        assert!(!told.iter().any(|notice| notice == never), "{told:?}");
    }

    #[test]
    fn an_idle_asset_without_a_price_leaves_money_in_cash() {
        let idle = |rows: &str| {
            let keys = "conventions = \"sound\"\nuniverse = { assets = [\"A\"] }";
            let (_folder, mut strategy) = strategy(keys, &[("A", &self::rows(&DAYS)), ("L", rows)]);
            strategy.idle = Some("L".to_owned());
            let notices = prepare(&strategy).unwrap().notices;
            notices.iter().map(ToString::to_string).find(|notice| notice.contains("idle asset"))
        };
        let late =
            "the idle asset 'L' has no price before 2023-01-05: until then what is left over stays in cash";
        assert_eq!(idle(&rows(&DAYS[3..])).as_deref(), Some(late));
        let none = "the idle asset 'L' has no price in the backtest: what is left over stays in cash";
        assert_eq!(idle("2023-02-01,1,1\n").as_deref(), Some(none));
        assert_eq!(idle(&rows(&DAYS)), None);
    }

    #[test]
    fn a_condition_that_never_holds_is_told() {
        let told = |when: &str| {
            let keys = "conventions = \"sound\"\nuniverse = { assets = [\"A\"] }";
            let (_folder, mut strategy) = strategy(keys, &[("A", &rows(&DAYS))]);
            strategy.when = Some(Arc::new(
                Formula::read(when, &Names::default(), Purpose::When, Some(&strategy.formula)).unwrap(),
            ));
            let result = run(&strategy).unwrap();
            result
                .notices()
                .iter()
                .any(|notice| notice.to_string().contains("'rebalance.when' holds for no member"))
        };
        assert!(told("close > 3") && !told("close > 1"));
    }

    #[test]
    fn rows_on_weekends_are_told_where_they_are_no_days() {
        let weekends = || [("A", rows(&[2, 7, 8, 13, 14])), ("B", rows(&DAYS)), ("C", rows(&[5, 7, 9, 13]))];
        let told = |preset: &str| told(preset, "", &weekends());
        let weekdays = "{ preset = \"sound\", calendar = \"weekdays\" }";
        let left_out = "2 of 4 rows of 'A' fall on Saturdays and Sundays and are left out, and rows of 1 more asset; \
                        conventions.calendar = \"sessions\" uses them";
        assert!(told(weekdays).iter().any(|notice| notice == left_out), "{:?}", told(weekdays));
        assert!(!told("\"sound\"").iter().any(|notice| notice.contains("Saturdays")));
    }

    #[test]
    fn an_asset_with_few_bars_keeps_another_calendar() {
        // Twelve sessions with the weekend: A has seven of nine, B five of nine.
        let all = [&DAYS[..5], &[7, 8], &DAYS[5..]].concat();
        let files = [("A", rows(&[2, 3, 4, 5, 6, 9, 10])), ("B", rows(&[5, 6, 7, 9, 13])), ("C", rows(&all))];
        let few = "'B' has a bar on 5 of 9 sessions between its first and its last, and 1 more asset on few of theirs: the \
                   assets keep different calendars, and windows count the sessions of all";
        let told_of = told("\"sound\"", "", &files);
        assert!(told_of[0].contains("'B' joins") && told_of[1..] == [UNUSED, few], "{told_of:?}");
        // Nine of ten sessions are enough.
        let files = [("A", rows(&[2, 3, 4, 5, 6, 9, 10, 11, 13])), ("B", rows(&DAYS))];
        assert_eq!(told("\"sound\"", "", &files), [UNUSED]);
    }

    #[test]
    fn a_session_of_one_asset_among_many_is_told() {
        let names = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J", "K"];
        let whole = |names: &[&'static str]| -> Vec<(&'static str, String)> {
            names.iter().map(|name| (*name, rows(&DAYS))).collect()
        };
        let mut files = whole(&names);
        files[10].1 = rows(&[2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]);
        let lonely = "only 1 of 11 assets have a bar on 2023-01-08: look at the file of 'K'";
        assert_eq!(told("\"sound\"", "", &files), [UNUSED, lonely]);
        files[10].1 = rows(&[2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13]);
        let told_two = told("\"sound\"", "", &files);
        assert!(told_two[2].contains("2023-01-07, and 1 more session is like it"), "{told_two:?}");
        // Fewer than ten assets say nothing.
        let mut files = whole(&names[..9]);
        files[8].1 = rows(&[2, 3, 4, 5, 6, 8, 9, 10, 11, 12, 13]);
        assert_eq!(told("\"sound\"", "", &files), [UNUSED]);
    }
}
