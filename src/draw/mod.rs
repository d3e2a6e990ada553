//! Floor 1: charts and heat maps. Charts of a page are inline SVG that stretches with the page while its text keeps its size.
//! Knows nothing of backtests.
//!
//! An SVG with a fixed number of units across shrinks on a phone, and its text with it. So widths are percentages and heights
//! are pixels. A path cannot be given in percentages: paths stand in an inner SVG that is stretched
//! (`preserveAspectRatio="none"`), text and marks outside of it. Colours are CSS classes, which the style of the page defines
//! for light and dark. `data-` attributes hold the values that the script of the page shows under the pointer; without the
//! script only that is lost.

pub(crate) mod bars;
pub(crate) mod frame;
pub(crate) mod heat_map;
pub(crate) mod histogram;
pub(crate) mod ranges;
pub(crate) mod round_ticks;
pub(crate) mod stack;
pub(crate) mod svg;
pub(crate) mod terminal_chart;
pub(crate) mod thin;
pub(crate) mod time_axis;
pub(crate) mod time_chart;
pub(crate) mod value_axis;
pub(crate) mod value_format;

/// Units across an inner SVG that is stretched.
pub(crate) const ACROSS: f64 = 1000.0;

/// Texts joined by `|` to one attribute, which the script of the page splits again.
pub(crate) fn listed(texts: impl IntoIterator<Item = impl AsRef<str>>) -> String {
    let texts: Vec<String> = texts.into_iter().map(|text| text.as_ref().replace('|', "¦")).collect();
    texts.join("|")
}

/// The lowest and the highest value; plus and minus infinity if there are no values.
fn extent(values: impl Iterator<Item = f64>) -> (f64, f64) {
    values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (value.min(low), value.max(high)))
}

/// A share of the width as SVG writes it: `12.34%`.
pub(crate) fn percent(share: f64) -> String {
    format!("{}%", svg::number(100.0 * share))
}

/// The `text-anchor` of a label at a share of the width, so that the label stays inside the picture.
pub(crate) fn anchor(share: f64) -> &'static str {
    match share {
        share if share < 0.06 => "start",
        share if share > 0.94 => "end",
        _ => "middle",
    }
}
