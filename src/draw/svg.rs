//! Writes an SVG image element by element, measures text and cuts it to a width. Knows nothing of what is drawn; escapes text
//! from outside.

use std::fmt::Write;

/// An SVG image that is being written.
#[derive(Default)]
pub(crate) struct Svg {
    body: String,
}

impl Svg {
    /// Adds SVG text unchanged; a text from outside must be [`escaped`] first.
    pub(crate) fn raw(&mut self, text: &str) {
        self.body.push_str(text);
    }

    /// Adds a rectangle with these attributes, which are not escaped.
    pub(crate) fn rectangle(&mut self, [x, y, width, height]: [f64; 4], attributes: &str) {
        let [x, y, width, height] = [x, y, width, height].map(number);
        // Writing to a String cannot fail.
        let _ =
            writeln!(self.body, r#"<rect x="{x}" y="{y}" width="{width}" height="{height}" {attributes}/>"#);
    }

    /// Adds a line of text, which is escaped, with these attributes, which are not.
    pub(crate) fn text(&mut self, x: f64, y: f64, attributes: &str, text: &str) {
        let (x, y, text) = (number(x), number(y), escaped(text));
        let _ = writeln!(self.body, r#"<text x="{x}" y="{y}" {attributes}>{text}</text>"#);
    }

    /// The whole image on white. `title` and `description` are for readers who do not see it.
    pub(crate) fn finish(self, width: f64, height: f64, title: &str, description: &str) -> String {
        let (width, height) = (number(width), number(height));
        let (title, description) = (escaped(title), escaped(description));
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"{width}\" height=\"{height}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FONTS}\" font-size=\"12\" fill=\"#333333\">\n\
             <title>{title}</title>\n<desc>{description}</desc>\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"#ffffff\"/>\n{}</svg>\n",
            self.body
        )
    }
}

/// The fonts of the system that shows the image, for an image may load none.
const FONTS: &str =
    "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, 'DejaVu Sans', sans-serif";

/// A coordinate with at most two decimals.
pub(crate) fn number(value: f64) -> String {
    let rounded = (value * 100.0).round() / 100.0;
    format!("{}", rounded + 0.0)
}

/// Text with the special characters of XML replaced, and without the characters that XML forbids.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\t' | '\n' | '\r' => out.push(' '),
            '\u{fffe}' | '\u{ffff}' => {}
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

/// The width of bold letters over that of plain ones.
pub(crate) const BOLD: f64 = 1.12;

/// The approximate width of a text at a font size. Fonts differ, so this is a little more than most take.
pub(crate) fn width(text: &str, size: f64) -> f64 {
    let letters = text.chars().map(|letter| match letter {
        'i' | 'j' | 'l' | 't' | 'f' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' | '(' | ')' => {
            0.36
        }
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '\u{2212}' => 0.9,
        letter if letter.is_ascii_uppercase() => 0.7,
        // East Asian characters are as wide as they are high.
        letter if letter >= '\u{2e80}' => 1.0,
        _ => 0.62,
    });
    letters.sum::<f64>() * size
}

/// The text; if it is wider than `room`, its beginning and an ellipsis.
pub(crate) fn fitted(text: &str, size: f64, room: f64) -> String {
    if width(text, size) <= room {
        return text.to_owned();
    }
    let mut kept = String::new();
    let mut used = width("…", size);
    for letter in text.chars() {
        used += width(letter.encode_utf8(&mut [0; 4]), size);
        if used > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end())
}

/// The text in at most `lines` lines no wider than `room`; what does not fit into the last one becomes an ellipsis.
pub(crate) fn wrapped(text: &str, size: f64, room: f64, lines: usize) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match out.last_mut() {
            Some(line) if width_with(line, word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => out.push(word.to_owned()),
        }
    }
    if out.len() > lines {
        let rest = out.split_off(lines.saturating_sub(1)).join(" ");
        out.push(rest);
    }
    out.iter().map(|line| fitted(line, size, room)).collect()
}

/// The width of a line with one more word.
fn width_with(line: &str, word: &str, size: f64) -> f64 {
    width(line, size) + width(" ", size) + width(word, size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_stays_text() {
        assert_eq!(escaped("a<b & \"c\"\u{1b}'\n"), "a&lt;b &amp; &quot;c&quot;&#39; ");
    }

    #[test]
    fn coordinates_are_short() {
        assert_eq!(number(1.0 / 3.0), "0.33");
        assert_eq!(number(-0.001), "0");
        assert_eq!(number(12.0), "12");
    }

    #[test]
    fn long_texts_end_in_an_ellipsis() {
        assert_eq!(fitted("short", 10.0, 100.0), "short");
        assert_eq!(fitted("a rather long text", 10.0, 52.0), "a rather…");
        assert_eq!(wrapped("one two three", 10.0, 45.0, 5), ["one two", "three"]);
        assert_eq!(wrapped("one two three four five", 10.0, 45.0, 2).len(), 2);
        assert!(wrapped("", 10.0, 45.0, 2).is_empty());
    }
}
