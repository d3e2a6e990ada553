//! What all pages share: the HTML document, style, script and parts. Knows nothing of sweeps.
//!
//! A page is one file that loads nothing: no font, no picture, nothing from a network. Its security policy allows only this:
//! even a text that slipped through the escaping could load nothing, and could run nothing but the one script, which the policy
//! names by its hash.

pub(crate) mod parts;
pub(crate) mod script_hash;
pub(crate) mod strategy_keys;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::draw::heat_map::page::definitions;

const STYLE: &str = include_str!("style.css");
const SCRIPT: &str = include_str!("script.js");

/// A section of a page.
#[derive(Debug, Clone)]
pub(crate) struct Section {
    /// Its `id` in links: letters and `-`.
    pub id: &'static str,
    /// Its heading, also in the list of contents.
    pub title: String,
    /// What stands below the heading.
    pub content: Markup,
}

/// A page.
#[derive(Debug, Clone)]
pub(crate) struct Page {
    /// The title of the window.
    pub title: String,
    /// The part above the list of contents: what a reader takes away in ten seconds.
    pub head: Markup,
    /// The sections in order.
    pub sections: Vec<Section>,
    /// The last line.
    pub foot: Markup,
}

impl Page {
    /// The HTML file.
    pub(crate) fn text(&self) -> String {
        let policy = format!(
            "default-src 'none'; style-src 'unsafe-inline'; script-src '{}'; base-uri 'none'; form-action 'none'",
            script_hash::source(SCRIPT)
        );
        let document = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta http-equiv="Content-Security-Policy" content=(policy);
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    title { (self.title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#content" { "Skip to the content" }
                    (definitions())
                    header { (self.head) }
                    nav aria-label="Contents" {
                        @for section in &self.sections { a href={"#" (section.id)} { (section.title) } }
                    }
                    main #content {
                        @for section in &self.sections {
                            section id=(section.id) aria-labelledby={(section.id) "-title"} {
                                h2 id={(section.id) "-title"} { (section.title) }
                                (section.content)
                            }
                        }
                    }
                    footer { (self.foot) }
                    script { (PreEscaped(SCRIPT)) }
                }
            }
        };
        document.into_string() + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_escapes_what_it_is_given_and_asks_for_nothing() {
        let section =
            Section { id: "a", title: "<script>x</script>".to_owned(), content: html! { p { "b" } } };
        let page =
            Page { title: "</title>".to_owned(), head: html! {}, sections: vec![section], foot: html! {} };
        let text = page.text();
        assert_eq!(text.matches("<script>").count(), 1, "the page's own");
        assert!(text.contains("<title>&lt;/title&gt;</title>"));
        for asked in ["http://", "https://", "url(h", "@import", "<link", "<img", "src="] {
            assert!(!text.contains(asked), "{asked}");
        }
    }

    #[test]
    fn style_and_script_cannot_end_their_elements() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
    }
}
