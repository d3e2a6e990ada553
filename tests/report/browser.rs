//! The pages in a real browser: they ask for nothing, complain of nothing, fit a phone, and do what they offer.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::path::Path;
use std::time::Duration;

use serde_json::json;

use super::chromium::{Browser, pictures};
use super::{HOSTILE, report, report_of, tear_sheet};
use crate::pace::Pace;

const PHONE: u32 = 390;
const DESKTOP: u32 = 1280;

/// Opens a page as a phone and as a desktop sees it, light and dark, and looks for what no page may have. Keeps pictures.
fn sound(browser: &mut Browser, page: &Path, name: &str) {
    for (device, width, height) in [("phone", PHONE, 844), ("desktop", DESKTOP, 900)] {
        browser.resize(width, height, device == "phone");
        for scheme in ["light", "dark"] {
            browser.prefer(scheme);
            browser.open(page);
            // What is laid out only when it comes into view is looked at as well.
            browser.evaluate("document.querySelectorAll('.tall').forEach((e) => { e.style.contentVisibility = 'visible'; })");
            let own = format!("file://{}", page.display());
            assert_eq!(browser.requests(), [own], "{name} asks for nothing but itself");
            assert_eq!(browser.complaints(), Vec::<String>::new(), "{name}");
            let overflow = browser
                .evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            assert_eq!(overflow, 0, "{name} is not wider than a {device}: {}", widest(browser));
            let low = browser.evaluate(LOW_CONTRAST);
            assert_eq!(low, json!([]), "{name}, {scheme}: text that is hard to read");
            browser.picture(&pictures().join(format!("{name}-{device}-{scheme}.png")), None);
        }
    }
}

/// The elements that stick out of the page, for a message.
fn widest(browser: &mut Browser) -> String {
    browser
        .evaluate(
            "[...document.body.querySelectorAll('*')].filter((e) => e.getBoundingClientRect().right > document.documentElement.clientWidth \
             && !e.closest('.scroll, nav')).slice(0, 5).map((e) => e.outerHTML.slice(0, 120)).join('\\n')",
        )
        .to_string()
}

/// Texts whose contrast to the ground behind them is below 4.5 (WCAG 2.1, 1.4.3), as far as a script can tell: what lies in a
/// drawing has a border in the colour of the ground.
const LOW_CONTRAST: &str = r"(() => {
    const channel = (value) => { const c = value / 255; return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4; };
    const luminance = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
    const numbers = (text) => text.match(/[\d.]+/g).map(Number);
    const ground = (element) => {
        for (let e = element; e; e = e.parentElement) {
            const c = getComputedStyle(e).backgroundColor;
            if (c.startsWith('rgb(')) return numbers(c);
        }
        return [255, 255, 255];
    };
    const low = new Set();
    for (const element of document.querySelectorAll('body *')) {
        const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        if (!own || element.closest('.numbers, script, .hidden-text') || !element.checkVisibility()) continue;
        const style = getComputedStyle(element);
        const ink = numbers(element instanceof SVGElement ? style.fill : style.color);
        const [a, b] = [luminance(ink), luminance(ground(element))].sort((x, y) => y - x);
        if ((a + 0.05) / (b + 0.05) < 4.5) low.add(element.outerHTML.slice(0, 100));
    }
    return [...low].slice(0, 5);
})()";

const GRID: &str = "[axes]\nlookback = [21, 63, 126, 189, 252]\ntop_n = [1, 2, 3, 4]\n\"costs.commission\" = [0.0, 0.01]\n\
                    [walk_forward]\ntrain = 750\ntest = 250\n";

#[test]
fn pages_ask_for_nothing_and_fit_everywhere() {
    let Some(mut browser) = Browser::start("pages in a browser") else { return };
    let (_grid, page) = report("grid", GRID, &[]);
    sound(&mut browser, &page, "grid");
    let odd = [
        ("failed", "[axes]\nlookback = [0, 21, 63]\ntop_n = [1, 2]\n"),
        ("one-axis", "[axes]\nlookback = { from = 21, to = 252, step = 21 }\n"),
        ("one-point", "[axes]\nlookback = [126]\n"),
        (
            "five-axes",
            "[axes]\nlookback = [21, 63, 126]\ntop_n = [1, 2, 3]\n\"costs.commission\" = [0.0, 0.001]\n\
             \"costs.slippage\" = [0.0, 0.001]\n\"rebalance.schedule\" = [\"end_of_month\", \"daily\"]\n",
        ),
        (
            "sample",
            "[sample]\nmethod = \"sobol\"\npoints = 40\nseed = 1\n[axes]\nlookback = { from = 21, to = 252 }\n",
        ),
    ];
    for (name, sweep) in odd {
        let (_folder, page) = report(&name.replace('-', "_"), sweep, &[]);
        sound(&mut browser, &page, name);
    }
    let sweep = "name = \"hostile\"\n[axes]\n\"rebalance.schedule\" = [\"daily\", \"end_of_month\"]\n";
    let (_hostile, page) = report_of(HOSTILE, sweep, &[]);
    sound(&mut browser, &page, "hostile");
    for strategy in ["momentum", "long_short"] {
        let (_folder, page) = tear_sheet(strategy, &[]);
        sound(&mut browser, &page, &format!("tear-sheet-{strategy}"));
    }
}

/// The texts of a column of the leaderboard, as shown.
fn column(browser: &mut Browser, place: usize) -> Vec<String> {
    let cells = browser.evaluate(&format!(
        "[...document.querySelectorAll('#points tbody tr')].map((row) => row.cells[{place}].textContent)"
    ));
    cells.as_array().unwrap().iter().map(|cell| cell.as_str().unwrap().to_owned()).collect()
}

fn filter(browser: &mut Browser, text: &str) {
    browser.evaluate(&format!(
        "(() => {{ const input = document.querySelector('[data-filters=points]'); input.value = {text:?}; \
         input.dispatchEvent(new Event('input')); }})()"
    ));
}

#[test]
fn the_leaderboard_sorts_and_filters() {
    let Some(mut browser) = Browser::start("the leaderboard in a browser") else { return };
    let (_folder, page) = report("sorted", GRID, &[]);
    browser.resize(DESKTOP, 900, false);
    browser.open(&page);
    let press = |browser: &mut Browser, name: &str| {
        browser.evaluate(&format!("document.querySelector('#points th[data-name={name}] button').click()"));
    };
    let numbers = |texts: Vec<String>| -> Vec<f64> {
        texts.iter().map(|text| text.trim_end_matches(" %").parse().unwrap()).collect()
    };
    // rank, point, lookback, top_n, costs.commission, sharpe, cagr
    assert!(numbers(column(&mut browser, 0)).is_sorted());
    press(&mut browser, "cagr");
    assert!(numbers(column(&mut browser, 6)).is_sorted_by(|a, b| a >= b), "the largest first");
    press(&mut browser, "cagr");
    assert!(numbers(column(&mut browser, 6)).is_sorted(), "and the other way round");
    assert_eq!(browser.evaluate("document.querySelector('th[data-name=cagr]').ariaSort"), "ascending");
    assert_eq!(column(&mut browser, 0).len(), 40);

    filter(&mut browser, "top_n = 2 and sharpe > 0.5");
    let shown = numbers(column(&mut browser, 5));
    assert!(!shown.is_empty() && shown.iter().all(|sharpe| *sharpe > 0.5));
    assert!(column(&mut browser, 3).iter().all(|value| value == "2"));
    let said = browser.evaluate("document.querySelector('.filter output').textContent");
    assert_eq!(said, format!("{} of 40 rows", shown.len()));
    filter(&mut browser, "nothing like it");
    assert!(column(&mut browser, 0).is_empty());
    filter(&mut browser, "cagr >= 0%");
    assert!(numbers(column(&mut browser, 6)).iter().all(|growth| *growth >= 0.0));
    filter(&mut browser, "");
    assert_eq!(column(&mut browser, 0).len(), 40);

    browser.evaluate("document.querySelector('#points tbody tr').click()");
    let point = column(&mut browser, 1).remove(0);
    let command = browser.evaluate("document.querySelector('[data-commands-of=points] code').textContent");
    assert!(command.as_str().unwrap().ends_with(&format!("plan.toml --point {point}")), "{command}");
}

#[test]
fn the_map_changes_its_axes_and_its_figure() {
    let Some(mut browser) = Browser::start("maps in a browser") else { return };
    let (_folder, page) = report("chosen", GRID, &[]);
    browser.resize(DESKTOP, 900, false);
    browser.open(&page);
    let shown = |browser: &mut Browser| {
        let titles = browser.evaluate(
            "[...document.querySelectorAll('.map')].filter((map) => map.checkVisibility()).map((map) => map.querySelector('h3').textContent)",
        );
        assert_eq!(titles.as_array().unwrap().len(), 1, "one map at a time: {titles}");
        titles[0].as_str().unwrap().to_owned()
    };
    let choose = |browser: &mut Browser, kind: &str, value: &str| {
        browser.evaluate(&format!(
            "(() => {{ const select = document.querySelector('select[data-kind={kind}]'); select.value = {value:?}; \
             select.dispatchEvent(new Event('change')); }})()"
        ));
    };
    assert_eq!(shown(&mut browser), "Sharpe ratio over lookback and top_n");
    choose(&mut browser, "metric", "Largest drawdown");
    assert_eq!(shown(&mut browser), "Largest drawdown over lookback and top_n");
    choose(&mut browser, "axes", "top_n and costs.commission");
    assert_eq!(shown(&mut browser), "Largest drawdown over top_n and costs.commission");
    choose(&mut browser, "slice", "averaged over");
    let below =
        browser.evaluate("[...document.querySelectorAll('.map')].find((map) => !map.hidden).textContent");
    assert!(below.as_str().unwrap().contains("mean over lookback"), "{below}");
}

#[test]
fn values_are_said_under_the_pointer_and_by_keys() {
    let Some(mut browser) = Browser::start("values under the pointer") else { return };
    let (_folder, page) = report("pointed", GRID, &[]);
    browser.resize(PHONE, 844, true);
    browser.open(&page);
    let place = browser.evaluate(
        "(() => { const plot = document.querySelector('.map .plot'); plot.scrollIntoView({ block: 'center' }); \
         const box = plot.getBoundingClientRect(); return [box.left + 5, box.bottom - 5]; })()",
    );
    browser.click(place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    let tip = "[...document.querySelectorAll('.tip')].filter((tip) => !tip.hidden).map((tip) => tip.textContent).join()";
    let said = browser.evaluate(tip);
    assert!(said.as_str().unwrap().starts_with("top_n = 1\nlookback = 21\nsharpe: "), "{said}");

    // The keyboard alone reaches the contents, a chart and a heading of the table.
    browser.open(&page);
    let focused = "document.activeElement.className + ' ' + document.activeElement.textContent.slice(0, 20)";
    browser.press("Tab", 9);
    assert!(
        browser.evaluate(focused).as_str().unwrap().starts_with("skip"),
        "the first stop leads to the content"
    );
    let mut seen = Vec::new();
    let stops = ["A.", "SUMMARY.", "SELECT.", "DIV.plot"];
    for _ in 0..100 {
        browser.press("Tab", 9);
        let now = browser.evaluate("document.activeElement.tagName + '.' + document.activeElement.className");
        seen.push(now.as_str().unwrap().to_owned());
        let all = stops.iter().all(|stop| seen.iter().any(|seen| seen == stop));
        if all && seen.last().unwrap() == "DIV.plot" {
            break;
        }
    }
    for stop in stops {
        assert!(seen.iter().any(|seen| seen == stop), "{stop} in {seen:?}");
    }
    browser.press("ArrowRight", 39);
    let before = browser.evaluate(tip);
    browser.press("ArrowLeft", 37);
    let after = browser.evaluate(tip);
    assert!(before != "" && after != "" && before != after, "{before} and {after}");
    let outline = browser.evaluate("getComputedStyle(document.activeElement).outlineStyle");
    assert_eq!(outline, "solid", "what has the focus shows it");
    browser.press("Escape", 27);
    assert_eq!(browser.evaluate(tip), "");
}

#[test]
fn print_is_dark_on_white_and_without_controls() {
    let Some(mut browser) = Browser::start("print in a browser") else { return };
    let (_folder, page) = report("printed", GRID, &[]);
    browser.resize(794, 1123, false);
    browser.open(&page);
    browser.print();
    let style = |browser: &mut Browser, selector: &str, property: &str| {
        browser.evaluate(&format!("getComputedStyle(document.querySelector('{selector}')).{property}"))
    };
    assert_eq!(style(&mut browser, "body", "backgroundColor"), "rgb(255, 255, 255)");
    assert_eq!(style(&mut browser, "body", "color"), "rgb(0, 0, 0)");
    for control in ["nav", ".filter", ".choices"] {
        assert_eq!(style(&mut browser, control, "display"), "none", "{control} is not printed");
    }
    assert_eq!(style(&mut browser, ".scroll", "overflowX"), "visible", "nothing is cut off");
    assert_eq!(
        browser.evaluate("document.documentElement.scrollWidth <= innerWidth"),
        true,
        "it fits the paper"
    );
    assert_eq!(browser.evaluate(LOW_CONTRAST), json!([]));
    browser.picture(&pictures().join("printed.png"), None);
}

#[test]
fn formulas_open_by_a_tap() {
    let Some(mut browser) = Browser::start("formulas in a browser") else { return };
    let (_folder, page) = tear_sheet("momentum", &[]);
    browser.resize(PHONE, 844, true);
    browser.open(&page);
    let place = browser.evaluate(
        "(() => { const name = [...document.querySelectorAll('#statistics summary')].find((s) => s.textContent === 'Sharpe ratio'); \
         name.scrollIntoView({ block: 'center' }); const box = name.getBoundingClientRect(); return [box.left + 5, box.top + 5]; })()",
    );
    browser.click(place[0].as_f64().unwrap(), place[1].as_f64().unwrap());
    let opened = browser.evaluate("document.querySelector('#statistics details[open]').textContent");
    assert!(opened.as_str().unwrap().contains("sqrt(P) * mean(x) / deviation(x)"), "{opened}");
}

/// As many points as a sweep of the README, of a strategy so short that they take seconds.
const MANY: &str = "name = \"many\"
[parameters]
a = 1.0
b = 1.0
[universe]
assets = [\"IBM\", \"MSFT\"]
[alpha]
weights = \"fixed(IBM = a, MSFT = b)\"
[rebalance]
schedule = \"buy_and_hold\"
[portfolio]
initial_cash = 1000000.0
long_only = { cash_buffer = 0.01 }
[period]
start = 2005-01-03T14:30:00
end = 2005-03-31";

#[test]
fn a_hundred_thousand_points_open_and_sort_at_once() {
    let Some(mut browser) = Browser::start("a page of 100,000 points") else { return };
    let sweep = "name = \"many\"\n[axes]\na = { from = 0.01, to = 3.2, count = 320 }\nb = { from = 0.01, to = 3.13, count = 313 }\n";
    let (_folder, page) = report_of(MANY, sweep, &["--no-verdict"]);
    let bytes = std::fs::metadata(&page).unwrap().len();
    assert!(bytes < 5_000_000, "{bytes} bytes");
    browser.resize(DESKTOP, 900, false);
    // The machine may be busy with other tests: the best of a few.
    let limit = Duration::from_secs(2).mul_f64(Pace::now().slowness());
    let opened = (0..5).map(|_| browser.open(&page)).min().unwrap();
    let sorted = browser.evaluate(
        "(() => { const began = performance.now(); document.querySelector('#points th[data-name=cagr] button').click(); \
         document.body.offsetHeight; return performance.now() - began; })()",
    );
    println!("{bytes} bytes, opened in {opened:?}, sorted in {sorted} ms");
    assert!(opened < limit, "opened in {opened:?}");
    assert!(sorted.as_f64().unwrap() < 1000.0 * limit.as_secs_f64(), "sorted in {sorted} ms");
    sound(&mut browser, &page, "many");
}
