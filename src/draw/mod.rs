//! What charts are made of, and the charts of the pages: inline SVG that stretches with the page while its text keeps its size.
//! Knows nothing of backtests.
//!
//! A picture with a fixed number of units across shrinks on a phone, and its text with it. So widths are shares of the picture
//! (percent) and heights are pixels. Lines, which percentages cannot describe, stand in an inner picture that is stretched
//! (`preserveAspectRatio="none"`), text and marks outside of it. Colours are classes; the page's style gives them a colour in
//! light and dark. What a script needs to say values under the pointer stands in `data-` attributes; without a script nothing
//! but that is lost.

pub(crate) mod bars;
pub(crate) mod frame;
pub(crate) mod heat_map;
pub(crate) mod histogram;
pub(crate) mod ranges;
pub(crate) mod round_ticks;
pub(crate) mod scale;
pub(crate) mod stack;
pub(crate) mod svg;
pub(crate) mod terminal_chart;
pub(crate) mod thin;
pub(crate) mod time_axis;
pub(crate) mod time_chart;
pub(crate) mod value_format;

/// Units across an inner picture that is stretched.
pub(crate) const ACROSS: f64 = 1000.0;

/// Texts as one attribute, which a script takes apart again.
pub(crate) fn listed<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| text.replace('|', "¦")).collect();
    texts.join("|")
}

/// A share of the width as SVG has it: `12.34%`.
pub(crate) fn percent(share: f64) -> String {
    format!("{}%", svg::number(100.0 * share))
}

/// How text stands beside a place, so that it does not leave the picture.
pub(crate) fn anchor(share: f64) -> &'static str {
    match share {
        share if share < 0.06 => "start",
        share if share > 0.94 => "end",
        _ => "middle",
    }
}
