//! A heat map as an SVG image: one file without script or font, the same in every viewer.

mod cells;
mod layout;

use super::HeatMap;
use crate::draw::round_ticks::round_ticks;
use crate::draw::svg::{self, Svg, fitted, number};
use crate::stats::better::Better;
use cells::{CellMark, MapCells};
use layout::{
    BAR, BAR_LEAST, ImageLayout, LABEL, LABEL_MOST, LEGEND_INDENT, MARGIN, NAME, TICK_ROOM, TURN, tick_digits,
};

const GREY: &str = "#6b6b6b";

impl HeatMap {
    /// The image. If an axis has more than 450 values, neighbours share a cell, and the image says so.
    ///
    /// # Panics
    /// If there is not exactly one cell for every pair of values, or none at all.
    pub(crate) fn svg(&self) -> String {
        let (columns, rows) = (self.x.labels.len(), self.y.labels.len());
        assert_eq!(self.cells.len(), columns * rows, "a cell for every pair of values");
        assert!(columns * rows > 0, "a heat map shows something");
        let layout = ImageLayout::new(self);
        let mut svg = Svg::default();
        self.heading(&mut svg, &layout);
        let (scale, digits) = (layout.scale.as_ref(), layout.digits);
        MapCells { map: self, scale, digits, plot: layout.plot, cell: layout.cell }.draw(&mut svg);
        self.axes(&mut svg, &layout);
        let bottom = self.colour_bar(&mut svg, &layout).max(layout.axis_bottom);
        let height = self.legend(&mut svg, &layout, bottom + 24.0) + MARGIN - 6.0;
        svg.finish(layout.width, height.ceil(), &self.title, &self.description(&layout))
    }

    fn heading(&self, svg: &mut Svg, layout: &ImageLayout) {
        let mut y = MARGIN;
        for line in &layout.title {
            y += 18.0;
            svg.text(MARGIN, y, "font-size=\"17\" font-weight=\"600\" fill=\"#1a1a1a\"", line);
            y += 4.0;
        }
        for line in &layout.subtitle {
            y += 16.0;
            svg.text(MARGIN, y, &format!("font-size=\"12.5\" fill=\"{GREY}\""), line);
            y += 1.0;
        }
    }

    fn axes(&self, svg: &mut Svg, layout: &ImageLayout) {
        let [left, top, width, height] = layout.plot;
        let [cell_width, cell_height] = layout.cell;
        let name = format!("font-size=\"{NAME}\" font-weight=\"600\"");
        svg.text(MARGIN, top - 10.0, &name, &fitted(&self.y.name, NAME * svg::BOLD, left + width - MARGIN));
        let tick = |x: f64, y: f64, across: f64, down: f64| {
            format!("<path d=\"M{} {}l{across} {down}\" stroke=\"#999999\"/>\n", number(x), number(y))
        };
        for &row in &layout.y_shown {
            let y = top + height - (row as f64 + 0.5) * cell_height;
            svg.raw(&tick(left - 5.0, y, 4.0, 0.0));
            let label = fitted(&self.y.labels[row], LABEL, LABEL_MOST);
            svg.text(left - 9.0, y + 4.0, &format!("font-size=\"{LABEL}\" text-anchor=\"end\""), &label);
        }
        let bottom = top + height;
        for &column in &layout.x_shown {
            let x = left + (column as f64 + 0.5) * cell_width;
            svg.raw(&tick(x, bottom + 1.0, 0.0, 4.0));
            let label = fitted(&self.x.labels[column], LABEL, LABEL_MOST);
            let attributes = if layout.turned {
                let [x, y] = [x + 4.0, bottom + 14.0].map(number);
                format!("font-size=\"{LABEL}\" text-anchor=\"end\" transform=\"rotate(-{TURN} {x} {y})\"")
            } else {
                format!("font-size=\"{LABEL}\" text-anchor=\"middle\"")
            };
            let (x, y) = if layout.turned { (x + 4.0, bottom + 14.0) } else { (x, bottom + 18.0) };
            svg.text(x, y, &attributes, &label);
        }
        let label = fitted(&self.x.name, NAME * svg::BOLD, layout.width - left - MARGIN);
        let fits = svg::width(&label, NAME * svg::BOLD) < width;
        let (x, anchor) = if fits { (left + width / 2.0, "middle") } else { (left, "start") };
        svg.text(x, layout.axis_bottom, &format!("{name} text-anchor=\"{anchor}\""), &label);
    }

    /// Draws the legend below the map and gives the y of its end.
    fn legend(&self, svg: &mut Svg, layout: &ImageLayout, top: f64) -> f64 {
        let mut y = top;
        for line in &layout.legend {
            let x = match line.mark {
                Some(mark) => {
                    let framed = mark == CellMark::Absent || cells::is_framed(layout.cell);
                    let size = if framed { [18.0, 13.0] } else { [13.0; 2] };
                    cells::draw_mark(svg, mark, [MARGIN + 10.0, y - 4.0], size, framed);
                    MARGIN + LEGEND_INDENT
                }
                None => MARGIN,
            };
            svg.text(x, y, "", &line.text);
            y += 22.0;
        }
        if layout.legend.is_empty() { top - 24.0 } else { y - 22.0 + 4.0 }
    }

    fn description(&self, layout: &ImageLayout) -> String {
        let mut text = format!(
            "Heat map of {} over {} ({} values) and {} ({} values).",
            self.metric,
            self.x.name,
            self.x.labels.len(),
            self.y.name,
            self.y.labels.len()
        );
        for line in &layout.legend {
            text.push(' ');
            text.push_str(&line.text);
            text.push('.');
        }
        text
    }

    /// Draws the colour bar and gives the y of its end.
    fn colour_bar(&self, svg: &mut Svg, layout: &ImageLayout) -> f64 {
        let [left, top, width, height] = layout.plot;
        let x = left + width + 28.0;
        let room = layout.width - x - MARGIN;
        let bold = format!("font-size=\"{NAME}\" font-weight=\"600\"");
        svg.text(x, top - 10.0, &bold, &fitted(&self.metric, NAME * svg::BOLD, room));
        let grey = format!("font-size=\"11\" fill=\"{GREY}\"");
        let note = match self.better {
            Better::High => "higher is better",
            Better::Low => "lower is better",
        };
        svg.text(x, top + 6.0, &grey, note);
        let Some(scale) = &layout.scale else {
            return top + 10.0;
        };
        let top = top + 18.0;
        let height = (height - 18.0).clamp(BAR_LEAST, BAR[1]).round();
        let span = scale.high - scale.low;
        let value_at = |y: f64| scale.high - span * (y / height);
        svg.raw("<g shape-rendering=\"crispEdges\">\n");
        for step in (0..height as usize).step_by(2) {
            let y = step as f64;
            let tall = 2.0f64.min(height - y);
            let fill = format!("fill=\"{}\"", scale.colour(value_at(y + tall / 2.0)).hex());
            svg.rectangle([x, top + y, BAR[0], tall], &fill);
        }
        svg.raw("</g>\n");
        let (ticks, step) = round_ticks(scale.low, scale.high, (height / TICK_ROOM) as usize);
        let digits = tick_digits(step, layout.digits);
        for tick in ticks {
            let share = if span > 0.0 { (scale.high - tick) / span } else { 0.5 };
            let y = top + share * height;
            let mark = [x + BAR[0], y].map(number);
            svg.raw(&format!("<path d=\"M{} {}h4\" stroke=\"#999999\"/>\n", mark[0], mark[1]));
            let size = format!("font-size=\"{LABEL}\"");
            svg.text(x + BAR[0] + 8.0, y + 4.0, &size, &self.format.text(tick, digits));
        }
        top + height
    }
}

#[cfg(test)]
mod tests;
