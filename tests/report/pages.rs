//! `report.html` as a file: what stands on it, that its bytes are stable, that it stays small and escapes what it shows.
#![allow(clippy::unwrap_used, reason = "all of this file is a test")]

use std::fs;
use std::process::Command;

use super::markup::{elements, rows};
use super::{HOSTILE, read, report, report_of};
use crate::aggregate::{aggregate, backtest, swept, text};

const GRID: &str = "[axes]\nlookback = [21, 63, 126]\ntop_n = [1, 2, 3]\n";
const SECTIONS: [&str; 9] =
    ["why", "map", "curves", "leaderboard", "axes", "distribution", "walk-forward", "failures", "provenance"];

fn sections(page: &str) -> Vec<String> {
    let sections = elements(page).into_iter().filter(|element| element.name == "section");
    sections.map(|section| section.attribute("id").unwrap().to_owned()).collect()
}

#[test]
fn the_verdict_stands_first_and_every_section_follows() {
    let (_folder, path) = report("whole", GRID, &[]);
    let page = read(&path);
    assert_eq!(sections(&page), SECTIONS);
    let verdict = page.find("class=\"verdict").unwrap();
    assert!(verdict < page.find("<section").unwrap());
    assert_eq!(page.matches("class=\"tile\"").count(), 3);
    for shown in [
        "plateau centre",
        "IBM held",
        "best by luck alone",
        "best without skill, 1 case in 20",
        "To trade: ",
        "placebo worlds",
        "backtest run --params results/whole-",
    ] {
        assert!(page.contains(shown), "{shown}");
    }
    let links = elements(&page).into_iter().filter(|element| element.name == "a");
    let mut targets = links.map(|link| link.attribute("href").unwrap().to_owned());
    assert!(
        targets
            .all(|target| target.strip_prefix('#').is_some_and(|id| page.contains(&format!("id=\"{id}\""))))
    );
}

#[test]
fn every_picture_says_what_it_shows() {
    let (_folder, path) = report("alternatives", GRID, &[]);
    for element in elements(&read(&path)).iter().filter(|element| element.name == "svg") {
        let hidden = element.attribute("aria-hidden") == Some("true");
        let said = element.attribute("aria-label").is_some_and(|label| label.len() > 10);
        let inner =
            element.attribute("preserveAspectRatio").is_some() || element.attribute("class") == Some("sign");
        assert!(hidden || said || inner, "{:?}", element.attributes);
    }
}

#[test]
fn the_leaderboard_of_the_page_is_that_of_the_file() {
    let (_folder, path) = report("board", GRID, &[]);
    let shown = rows(&read(&path), "points");
    let mut file = csv::Reader::from_path(path.with_file_name("leaderboard.csv")).unwrap();
    let names = file.headers().unwrap().clone();
    let column = |name: &str| names.iter().position(|known| known == name).unwrap();
    let file: Vec<csv::StringRecord> = file.records().map(Result::unwrap).collect();
    assert_eq!(shown.len(), file.len());
    for (shown, row) in shown.iter().zip(&file) {
        for (place, name) in ["rank", "point", "lookback", "top_n"].into_iter().enumerate() {
            assert_eq!(shown[place], row[column(name)]);
        }
        let sharpe: f64 = row[column("sharpe")].parse().unwrap();
        assert_eq!(shown[4], format!("{sharpe:.2}"));
        assert!(
            ["yes", ""].contains(&shown.last().unwrap().as_str()),
            "whether it cannot be told from the best"
        );
    }
    assert!(
        shown.iter().any(|row| row.last().unwrap() == "yes") && !names.iter().any(|name| name == "equal")
    );
}

#[test]
fn points_that_cannot_be_told_from_the_best_are_marked_and_counted() {
    let (_folder, path) = report("equals", GRID, &[]);
    let page = read(&path);
    let json: serde_json::Value = serde_json::from_str(&read(&path.with_file_name("summary.json"))).unwrap();
    let equal = json["verdict"]["equals"]["points"].as_array().unwrap().len();
    let shown = rows(&page, "points");
    assert_eq!(shown.iter().filter(|row| row.last().unwrap() == "yes").count(), equal);
    assert!(page.contains(&format!("cannot be told from the best trial: {equal} of 9 cells")), "{equal}");
    assert!(page.contains("other points compared"));
}

#[test]
fn the_bytes_do_not_depend_on_threads_or_shards() {
    let (_folder, few) = swept("stable", GRID, &["-j", "1", "--shard-points", "2"]);
    let (_other, many) = swept("stable", GRID, &["-j", "4"]);
    let page = |results: &std::path::Path, threads: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_backtest"))
            .args(["sweep", "aggregate", results.to_str().unwrap(), "--quiet"])
            .env("RAYON_NUM_THREADS", threads)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
        fs::read(results.join("aggregate/report.html")).unwrap()
    };
    let first = page(&few, "1");
    assert!(first == page(&few, "3") && first == page(&many, "2"), "the same bytes however they were made");
}

#[test]
fn what_a_user_writes_stays_text() {
    let sweep = "name = \"hostile\"\n[axes]\n\"rebalance.schedule\" = [\"daily\", \"end_of_month\"]\n\
                 \"universe.benchmark\" = [\"IBM\", \"MSFT\"]\n";
    let (_folder, path) = report_of(HOSTILE, sweep, &[]);
    let page = read(&path);
    let found = elements(&page);
    assert_eq!(found.iter().filter(|element| element.name == "script").count(), 1, "the page's own");
    assert!(!found.iter().any(|element| element.name == "img"));
    assert!(!found.iter().any(|element| element.attributes.iter().any(|(name, _)| name.starts_with("on"))));
    assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "shown as it was written");
}

#[test]
fn without_prices_or_verdict_there_is_still_a_page() {
    let (_folder, results) = swept("moved", GRID, &[]);
    let plan = fs::read_to_string(results.join("plan.toml")).unwrap();
    // The last such line is the folder; the first is the fingerprint.
    let folder = plan.rfind("prices = ").unwrap();
    let rest = plan[folder..].split_once('\n').unwrap().1;
    let lines = format!("{}prices = \"nowhere\"\n{rest}", &plan[..folder]);
    fs::write(results.join("plan.toml"), lines).unwrap();
    let output = aggregate(&results, &["--quiet"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let page = read(&results.join("aggregate/report.html"));
    assert!(page.contains("There are no curves") && page.contains("There is no test, so no picture of luck"));
    assert_eq!(sections(&page), SECTIONS);
    let output = aggregate(&results, &["--quiet", "--no-verdict"]);
    assert_eq!(output.status.code(), Some(0));
    let page = read(&results.join("aggregate/report.html"));
    assert_eq!(sections(&page), SECTIONS[1..]);
    assert!(page.contains("was not asked"));
}

#[test]
fn odd_sweeps_have_sensible_pages() {
    let failed = "[axes]\nlookback = [0, 21, 63]\ntop_n = [1, 2]\n";
    let page = read(&report("failed", failed, &[]).1);
    assert!(page.contains("2 of 6 points failed") && page.contains("no result: 2 of 6 cells"));
    let all_failed = read(&report("all_failed", "[axes]\nlookback = [0]\n", &[]).1);
    assert!(all_failed.contains("no point qualifies") && all_failed.contains("1 of 1 points failed"));
    let one_axis = read(&report("one_axis", "[axes]\nlookback = [21, 42, 63, 84]\n", &[]).1);
    assert!(one_axis.contains("Sharpe ratio over lookback"));
    let five = "[axes]\nlookback = [21, 63]\ntop_n = [1, 2]\n\"costs.commission\" = [0.0, 0.001]\n\
                \"costs.slippage\" = [0.0, 0.001]\n\"rebalance.schedule\" = [\"end_of_month\", \"daily\"]\n";
    let five = read(&report("five_axes", five, &[]).1);
    assert!(
        five.contains("averaged over")
            && five.contains("data-axes=\"costs.slippage and rebalance.schedule\"")
    );
    let one = read(&report("one_point", "[axes]\nlookback = [21]\n", &[]).1);
    assert!(one.contains("No axis has several values") && one.contains("All 1 points"));
    let sample =
        "[sample]\nmethod = \"sobol\"\npoints = 20\nseed = 1\n[axes]\nlookback = { from = 21, to = 252 }\n";
    let sample = read(&report("sample", sample, &[]).1);
    assert!(sample.contains("The points are no grid"));
    for page in [page, one_axis, five, one, sample, all_failed] {
        elements(&page);
        let shown = page.split("<script>").next().unwrap();
        assert!(
            !shown.contains("NaN"),
            "{}",
            &shown[shown.find("NaN").unwrap().saturating_sub(200)..][..300]
        );
    }
}

#[test]
fn missing_points_are_said_at_the_top() {
    let (_folder, results) = swept("part", GRID, &["--shard-points", "3"]);
    let shard = crate::support::files_of(&results.join("shards"), &[".csv"]).remove(1);
    fs::remove_file(shard).unwrap();
    assert_eq!(aggregate(&results, &["--quiet"]).status.code(), Some(0));
    let page = read(&results.join("aggregate/report.html"));
    assert!(page.contains("INCOMPLETE: 3 of 9 points are missing") && page.contains("<li>3 to 5</li>"));
}

#[test]
fn a_command_of_the_page_runs() {
    let (folder, path) = report("again", GRID, &[]);
    let page = read(&path);
    let row =
        elements(&page).into_iter().find(|element| element.attribute("data-command").is_some()).unwrap();
    let command = row.attribute("data-command").unwrap().to_owned();
    let words: Vec<&str> = command.split(' ').collect();
    assert_eq!(words[..3], ["backtest", "run", "--params"]);
    let plan = folder.path().join(words[3]);
    let output = backtest(&[
        "run",
        "--params",
        plan.to_str().unwrap(),
        words[4],
        words[5],
        "--format",
        "json",
        "--quiet",
    ]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let shown = rows(&page, "points").remove(0);
    assert_eq!(format!("{:.2}", json["metrics"]["sharpe"].as_f64().unwrap()), shown[4]);
}
