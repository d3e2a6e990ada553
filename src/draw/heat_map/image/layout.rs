//! The layout of a heat map image, and the lines of its legend. Draws nothing.

use super::cells::{CellMark, SIDE_MOST};
use crate::draw::heat_map::colour_scale::ColourScale;
use crate::draw::heat_map::grid::group;
use crate::draw::heat_map::{HeatMap, HeatMapCell};
use crate::draw::round_ticks::{round_ticks, shown_labels};
use crate::draw::svg::{self, fitted, wrapped};
use crate::draw::value_format::{Digits, ValueFormat};

/// Pixels around everything.
pub(crate) const MARGIN: f64 = 20.0;
/// Width and height that all cells together aim at.
const PLOT: [f64; 2] = [660.0, 600.0];
/// Cells are whole pixels of at least this size, unless all of them would then take more than the largest plot.
const CELL_LEAST: f64 = 2.0;
const PLOT_MOST: f64 = 900.0;
const CELL_MOST: [f64; 2] = [64.0, 40.0];
/// Least width of a single column.
const COLUMN_LEAST: f64 = 120.0;
const IMAGE_LEAST: f64 = 560.0;
const IMAGE_MOST: f64 = 1000.0;
/// Width and largest height of the colour bar.
pub(crate) const BAR: [f64; 2] = [16.0, 280.0];
/// Smallest height of the colour bar.
pub(crate) const BAR_LEAST: f64 = 110.0;
/// Height of the colour bar that each number beside it takes.
pub(crate) const TICK_ROOM: f64 = 32.0;
const METRIC_MOST: f64 = 180.0;
/// Font size of labels.
pub(crate) const LABEL: f64 = 11.5;
/// Wider labels end in an ellipsis.
pub(crate) const LABEL_MOST: f64 = 170.0;
/// Font size of the names of axes.
pub(crate) const NAME: f64 = 12.5;
/// From a mark to its text in the legend.
pub(crate) const LEGEND_INDENT: f64 = 28.0;
/// Labels of the x axis that do not fit side by side are turned by this angle if there are at most [`TURNED_MOST`].
pub(crate) const TURN: f64 = 40.0;
const TURN_SINE: f64 = 0.643;
const TURN_COSINE: f64 = 0.766;
const TURNED_MOST: usize = 40;

/// A line of the legend.
pub(crate) struct LegendLine {
    /// The mark that it explains.
    pub mark: Option<CellMark>,
    /// Its text.
    pub text: String,
}

/// Sizes and positions of everything in the image.
pub(crate) struct ImageLayout {
    /// Lines of the title.
    pub title: Vec<String>,
    /// Lines of the subtitle.
    pub subtitle: Vec<String>,
    /// Lines below the map.
    pub legend: Vec<LegendLine>,
    /// The colours; `None` without finite values.
    pub scale: Option<ColourScale>,
    /// Digits of the numbers in cells.
    pub digits: Digits,
    /// Left, top, width and height of all cells.
    pub plot: [f64; 4],
    /// Width and height of one cell.
    pub cell: [f64; 2],
    /// Indices of the values of the x axis that have a label.
    pub x_shown: Vec<usize>,
    /// Indices of the values of the y axis that have a label.
    pub y_shown: Vec<usize>,
    /// Whether labels of the x axis are turned.
    pub turned: bool,
    /// The y of the name of the x axis.
    pub axis_bottom: f64,
    /// Width of the image.
    pub width: f64,
}

impl ImageLayout {
    /// The layout of a map, from the widths of its texts.
    pub(crate) fn new(map: &HeatMap) -> ImageLayout {
        let scale = map.colour_scale();
        let digits =
            scale.as_ref().map_or(Digits::between(0.0, 0.0), |scale| Digits::between(scale.low, scale.high));
        let cell = [0, 1].map(|side| {
            let count = [map.x.labels.len(), map.y.labels.len()][side] as f64;
            let size = (PLOT[side] / count).min(CELL_MOST[side]);
            if size < CELL_LEAST { (PLOT_MOST / count).min(CELL_LEAST) } else { size.floor() }
        });
        let label_width = |label: &String| svg::width(label, LABEL).min(LABEL_MOST);
        let cell = [cell[0].max(if map.x.labels.len() == 1 { COLUMN_LEAST } else { 0.0 }), cell[1]];
        let size = [map.x.labels.len() as f64 * cell[0], map.y.labels.len() as f64 * cell[1]];
        let lines = vec![LABEL * 1.15; map.y.labels.len()];
        let y_shown = shown_labels(&map.y.labels, &lines, cell[1]);
        let y_width = y_shown.iter().map(|&row| label_width(&map.y.labels[row])).fold(0.0, f64::max);
        let left = (MARGIN + y_width + 10.0).ceil();

        let widths: Vec<f64> = map.x.labels.iter().map(|label| label_width(label) + 8.0).collect();
        let mut x_shown = shown_labels(&map.x.labels, &widths, cell[0]);
        let turned = x_shown.len() < map.x.labels.len()
            && map.x.labels.len() <= TURNED_MOST
            && cell[0] >= LABEL * 1.15
            && map.x.labels.iter().any(|label| label.parse::<f64>().is_err());
        if turned {
            x_shown = (0..map.x.labels.len()).collect();
        }
        let longest = x_shown.iter().map(|&column| label_width(&map.x.labels[column])).fold(0.0, f64::max);
        let below = if turned { 16.0 + longest * TURN_SINE } else { 20.0 };
        // Turned labels run to the left of their cells.
        let left =
            if turned { left.max(MARGIN + longest * TURN_COSINE - cell[0] / 2.0).ceil() } else { left };

        let legend = legend(map, scale.as_ref(), digits);
        let line_widths =
            legend.iter().map(|line| 2.0 * MARGIN + LEGEND_INDENT + svg::width(&line.text, 12.0));
        let width =
            (left + size[0] + 28.0 + METRIC_MOST.min(bar_width(map, scale.as_ref(), digits)) + MARGIN)
                .max(line_widths.fold(IMAGE_LEAST, f64::max).min(IMAGE_MOST))
                .ceil();
        let legend = legend
            .into_iter()
            .map(|line| LegendLine {
                text: fitted(&line.text, 12.0, width - 2.0 * MARGIN - LEGEND_INDENT),
                ..line
            })
            .collect();
        let room = width - 2.0 * MARGIN;
        let title = wrapped(&map.title, 17.0 * svg::BOLD, room, 2);
        let subtitle = wrapped(&map.subtitle, 12.5, room, 3);
        let top = (MARGIN + 22.0 * title.len() as f64 + 17.0 * subtitle.len() as f64 + 38.0).ceil();
        ImageLayout {
            title,
            subtitle,
            legend,
            scale,
            digits,
            plot: [left, top, size[0], size[1]],
            cell,
            x_shown,
            y_shown,
            turned,
            axis_bottom: (top + size[1] + below + 18.0).ceil(),
            width,
        }
    }
}

/// Digits of the numbers at the colour bar, which are `step` apart.
pub(crate) fn tick_digits(step: f64, digits: Digits) -> Digits {
    if step > 0.0 { Digits { resolution: step, ..digits } } else { digits }
}

/// The width of the colour bar with its name and numbers.
fn bar_width(map: &HeatMap, scale: Option<&ColourScale>, digits: Digits) -> f64 {
    let numbers = scale.map_or(0.0, |scale| {
        let (ticks, step) = round_ticks(scale.low, scale.high, (BAR[1] / TICK_ROOM) as usize);
        ticks
            .into_iter()
            .map(|tick| svg::width(&map.format.text(tick, tick_digits(step, digits)), LABEL))
            .fold(0.0, f64::max)
    });
    (BAR[0] + 8.0 + numbers)
        .max(svg::width(&map.metric, NAME * svg::BOLD))
        .max(svg::width("higher is better", 11.0))
}

/// What the marks mean, and what the colours leave out.
fn legend(map: &HeatMap, scale: Option<&ColourScale>, digits: Digits) -> Vec<LegendLine> {
    let at = |name: &str, mark: CellMark, cell: Option<HeatMapCell>| {
        let cell = cell?;
        let value = map.value_text(map.value(cell), digits);
        let (x, y) = (&map.x.labels[cell.column], &map.y.labels[cell.row]);
        let text = format!("{name}: {value} at {} = {x}, {} = {y}", map.x.name, map.y.name);
        Some(LegendLine { mark: Some(mark), text })
    };
    let absent = if scale.is_some() { map.absent_cells() } else { map.cells.len() };
    let outside = scale.map_or(0, |scale| {
        let values = map.cells.iter().flatten();
        values.filter(|value| **value < scale.low || scale.high < **value).count()
    });
    let [columns, rows] = group(map, SIDE_MOST);
    let line = |shown: bool, mark: Option<CellMark>, text: String| shown.then_some(LegendLine { mark, text });
    let all = map.cells.len();
    let count = |count: usize| {
        let largest = count as f64;
        ValueFormat::Whole.text(largest, Digits { resolution: 1.0, largest })
    };
    [
        at("Best", CellMark::Best, map.best),
        at("Plateau centre", CellMark::Plateau, map.plateau),
        line(
            absent > 0,
            Some(CellMark::Absent),
            format!("No result: {} of {} cells", count(absent), count(all)),
        ),
        line(
            outside > 0,
            None,
            format!("{} of {} cells lie beyond the ends of the colours", count(outside), count(all)),
        ),
        line(columns * rows > 1, None, format!("A cell shows the median of {columns} × {rows} neighbours")),
    ]
    .into_iter()
    .flatten()
    .collect()
}
