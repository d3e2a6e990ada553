//! Parts of a page: tiles with a figure, tables, charts with captions, definitions that open.

use maud::{Markup, html};

use crate::stats::definition::Definition;

/// The most rows of a table without a scroll bar of its own.
const ROWS_OPEN: usize = 25;

/// A tile at the top of a page: the name of a figure, its value, and what it means.
pub(crate) fn tile(name: &str, value: &str, note: &str) -> Markup {
    html! {
        div.tile {
            p.name { (name) }
            p.value { (value) }
            p.note { (note) }
        }
    }
}

/// A chart with a heading above and a caption below.
pub(crate) fn figure(title: &str, caption: &str, drawing: Markup) -> Markup {
    html! {
        figure {
            h3 { (title) }
            (drawing)
            @if !caption.is_empty() { figcaption { (caption) } }
        }
    }
}

/// A name that shows its meaning and its formula under the pointer, and when a reader opens it.
pub(crate) fn defined(definition: &Definition) -> Markup {
    let Definition { name, meaning, formula } = definition;
    html! {
        details.definition {
            summary title={(meaning) " " (formula)} { (name) }
            p { (meaning) }
            p { code { (formula) } }
        }
    }
}

/// A table that scrolls sideways where the page is too narrow for it.
pub(crate) fn scrolled(name: &str, table: Markup) -> Markup {
    html! { div.scroll tabindex="0" role="region" aria-label=(name) { (table) } }
}

/// Names with their values, one below the other.
pub(crate) fn pairs(rows: &[(&str, String)]) -> Markup {
    html! {
        dl.pairs {
            @for (name, value) in rows {
                div { dt { (name) } dd { (value) } }
            }
        }
    }
}

/// A command to copy.
pub(crate) fn command(text: &str) -> Markup {
    html! { pre.command tabindex="0" { code { (text) } } }
}

/// A column of a [`sortable`] table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableColumn {
    /// The heading.
    pub heading: String,
    /// Its name in a filter.
    pub name: String,
    /// Whether its cells are numbers.
    pub number: bool,
    /// What it says, where the heading does not; may be empty.
    pub title: &'static str,
}

/// A row of a [`sortable`] table.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TableRow {
    /// The texts of the cells.
    pub cells: Vec<String>,
    /// Its CSS classes; may be empty.
    pub class: &'static str,
    /// The command that computes it again; may be empty.
    pub command: String,
}

/// A table that the script of the page can sort and filter. It sorts numbers by their text.
pub(crate) fn sortable(
    id: &str,
    name: &str,
    columns: &[TableColumn],
    rows: &[TableRow],
    hint: &str,
) -> Markup {
    html! {
        div.filter hidden {
            label for={(id) "-filter"} { "Filter" }
            input id={(id) "-filter"} type="search" placeholder=(hint) autocomplete="off" spellcheck="false" data-filters=(id);
            output for={(id) "-filter"} aria-live="polite" {}
        }
        // A long table has its own scroll bar, so that a reader reaches what follows it.
        div.scroll.tall[rows.len() > ROWS_OPEN] tabindex="0" role="region" aria-label=(name) {
            table.sortable #(id) {
                caption.hidden-text { (name) }
                thead { tr {
                    @for column in columns {
                        th scope="col" data-name=(column.name) .text[!column.number]
                            title=[Some(column.title).filter(|title| !title.is_empty())] { (column.heading) }
                    }
                } }
                tbody {
                    @for row in rows {
                        tr class=[Some(row.class).filter(|class| !class.is_empty())]
                            data-command=[Some(&row.command).filter(|command| !command.is_empty())] {
                            @for (cell, column) in row.cells.iter().zip(columns) {
                                td.text[!column.number] { (cell) }
                            }
                        }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::definition::define;

    #[test]
    fn what_is_shown_is_escaped() {
        let columns =
            [TableColumn { heading: "<b>".to_owned(), name: "\"".to_owned(), number: false, title: "<u>" }];
        let rows =
            [TableRow { cells: vec!["<script>".to_owned()], class: "best", command: "a \"b\"".to_owned() }];
        let text = sortable("t", "Table", &columns, &rows, "<hint>").into_string();
        assert!(
            !text.contains("<b>")
                && !text.contains("<script>")
                && !text.contains("<u>")
                && !text.contains("<hint>")
        );
        assert!(text.contains("data-name=\"&quot;\"") && text.contains("data-command=\"a &quot;b&quot;\""));
        assert!(tile("<i>", "<i>", "<i>").into_string().matches("&lt;i&gt;").count() == 3);
    }

    #[test]
    fn a_definition_opens_and_is_escaped() {
        let text = defined(&define("<x>", "<y>", "<z>")).into_string();
        assert!(
            text.contains("<details")
                && text.contains("<summary title=\"&lt;y&gt; &lt;z&gt;\">&lt;x&gt;</summary>")
        );
    }
}
