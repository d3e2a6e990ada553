//! The reference of the operators as text, written from their rows. `docs/formula.md` holds it between markers.

use std::fmt::Write;

use super::{anchor, check_generated};
use crate::formula::operator::{Absent, Operator};
use crate::formula::operators::{self, Family};

/// Letters of a line of prose.
const WIDTH: usize = 128;

/// The lines of the index, in order: what operators are for.
const PURPOSES: [&str; 20] = [
    "earlier values, returns, momentum",
    "sums and products",
    "moving averages",
    "volatility and moments",
    "extremes and channels",
    "quantiles and ranks over time",
    "lines of least squares, pairs of series",
    "indicators with a name of their own",
    "counting and events",
    "positions with a memory",
    "choosing assets",
    "weights",
    "an asset beside the others",
    "statistics of all members",
    "groups",
    "another asset",
    "weeks and months",
    "the calendar",
    "absent values and short histories",
    "functions of numbers, choices",
];

/// Signs and words that are no calls, with the heading that describes them.
const SIGNS: &str = "| arithmetic, comparisons, logic | [`+` `-` `*` `/` `^` `<` `<=` `>` `>=` `==` `!=` `and` `or` `not`](#arithmetic-and-logic) |";

/// Every operator by what it is for, each with a link to its section.
fn index() -> String {
    let link = |operator: &Operator| format!("[`{}`](#{})", operator.name, anchor(operator.usage));
    let line = |purpose: &str| {
        let links: Vec<String> =
            operators::all().filter(|operator| operator.purpose == purpose).map(link).collect();
        format!("| {purpose} | {} |\n", links.join(", "))
    };
    format!("| For | Operators |\n|---|---|\n{}{SIGNS}\n", PURPOSES.map(line).concat())
}

#[test]
fn the_index_has_every_operator_once() {
    check_generated("formula.md", "operators by purpose", &format!("\n{}\n", index()));
    for operator in operators::all() {
        let known = PURPOSES.contains(&operator.purpose);
        assert!(known, "{}: the index has no line '{}'", operator.name, operator.purpose);
    }
    for purpose in PURPOSES {
        let used = operators::all().any(|operator| operator.purpose == purpose);
        assert!(used, "no operator is for '{purpose}'");
    }
}

/// The section of every operator of a family, as Markdown.
fn chapter(family: &Family) -> String {
    let sections: Vec<String> = family.operators.iter().map(|operator| section(operator)).collect();
    sections.join("\n")
}

/// The section of an operator: definition, rule for absent values, example, remarks, source.
fn section(operator: &Operator) -> String {
    let mut text = format!("### `{}`\n\n", operator.usage);
    let absent = match operator.absent {
        Absent::Rule(rule) => {
            text += &wrapped(&format!("{} {rule}", operator.definition));
            String::new()
        }
        Absent::UntilFull(rule) => {
            let full = "Absent until the window is full.";
            text += &wrapped(format!("{} {full} {rule}", operator.definition).trim_end());
            String::new()
        }
        Absent::Short { fewer_than, qstrader } => {
            text += &wrapped(operator.definition);
            format!(
                "| Fewer than {fewer_than} | `qstrader` | `sound` |\n|---|---|---|\n| | {qstrader} | absent |\n\n"
            )
        }
    };
    // Writing to a String cannot fail.
    let _ = write!(text, "\n{absent}```values\n{}\n```\n", operator.example.join("\n"));
    if !operator.remarks.is_empty() {
        text += "\n";
        text += &wrapped(operator.remarks);
    }
    if !operator.source.is_empty() {
        text += "\n";
        text += &wrapped(&format!("Source: {}.", operator.source.trim_end_matches('.')));
    }
    text
}

/// A paragraph in lines, broken at blanks outside of code.
fn wrapped(paragraph: &str) -> String {
    let mut text = String::new();
    let mut column = 0;
    for word in words(paragraph) {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > WIDTH {
            text += "\n";
            column = 0;
        }
        if column > 0 {
            text += " ";
            column += 1;
        }
        text += &word;
        column += length;
    }
    text + "\n"
}

/// The words of a paragraph; code between backquotes is not broken.
fn words(paragraph: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut in_code = false;
    for piece in paragraph.split(' ') {
        match words.last_mut() {
            Some(word) if in_code => {
                word.push(' ');
                word.push_str(piece);
            }
            _ => words.push(piece.to_owned()),
        }
        in_code ^= piece.matches('`').count() % 2 == 1;
    }
    words
}

#[test]
fn the_reference_of_the_operators_is_theirs() {
    for family in operators::FAMILIES {
        let written = format!("\n{}\n", chapter(&family));
        check_generated("formula.md", &format!("operators: {}", family.name), &written);
    }
}

#[test]
fn lines_break_between_words_and_not_in_code() {
    let text = wrapped(&"word `two of code` ".repeat(20));
    assert!(text.lines().count() > 2);
    for line in text.lines() {
        assert!(line.chars().count() <= WIDTH && line.matches('`').count() % 2 == 0, "{line}");
    }
}

#[test]
fn every_operator_says_what_it_does() {
    for operator in operators::all() {
        let texts = [operator.definition, operator.example.first().copied().unwrap_or_default()];
        assert!(texts.iter().all(|text| !text.is_empty()), "{}", operator.name);
        assert!(operator.definition.ends_with('.'), "{}", operator.name);
        let named = operator.example.iter().all(|line| line.contains(&format!("{}(", operator.name)));
        assert!(named, "the example of {} shows another operator", operator.name);
    }
}
