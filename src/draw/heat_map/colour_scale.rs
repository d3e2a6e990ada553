//! Maps numbers to colours that are as far apart as the numbers, also for colour-blind readers.
//!
//! Brighter or bluer is better. Values of one sign run through viridis. Where both signs occur, the scale is neutral at zero
//! and runs to orange on one side and to blue on the other.

use crate::stats::better::Better;

/// Red, green and blue from 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Colour(pub [f64; 3]);

/// Every 15th of the 256 colours of viridis by Nathaniel Smith and Stéfan van der Walt (matplotlib 2.0, 2015; CC0).
#[rustfmt::skip]
const VIRIDIS: [[u8; 3]; 18] = [
    [68, 1, 84], [72, 23, 105], [71, 42, 122], [67, 61, 132], [61, 78, 138], [53, 94, 141], [46, 109, 142],
    [41, 123, 142], [35, 137, 142], [31, 151, 139], [33, 165, 133], [46, 179, 124], [70, 192, 111], [101, 203, 94],
    [137, 213, 72], [176, 221, 47], [216, 226, 25], [253, 231, 37],
];

/// From neutral to dark blue (hue 255) and dark orange (hue 52) in OKLCH (Ottosson, "A perceptual color space for image
/// processing", 2020). Lightness falls evenly from 0.965 to 0.38 on both sides; chroma rises to 0.14, or as far as sRGB
/// reaches.
#[rustfmt::skip]
const BLUE: [[u8; 3]; 9] = [
    [243, 243, 243], [205, 221, 242], [167, 198, 239], [132, 175, 231], [99, 152, 220], [69, 129, 205], [41, 107, 185],
    [14, 85, 161], [1, 65, 130],
];
#[rustfmt::skip]
const ORANGE: [[u8; 3]; 9] = [
    [243, 243, 243], [239, 214, 199], [231, 184, 157], [220, 156, 117], [206, 128, 79], [188, 102, 41], [165, 79, 0],
    [134, 63, 2], [105, 48, 0],
];

/// A scale from values to colours.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColourScale {
    /// The value of the first colour; smaller ones share it.
    pub low: f64,
    /// The value of the last colour; larger ones share it.
    pub high: f64,
    better: Better,
}

impl ColourScale {
    /// A scale for the finite ones of the values; `None` if there are none.
    ///
    /// The scale ends at the 2nd or 98th percentile where values lie far beyond it: otherwise a few outliers would leave a
    /// single colour to all other values.
    pub(crate) fn new(values: &[f64], better: Better) -> Option<ColourScale> {
        let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        let (&low, &high) = (sorted.first()?, sorted.last()?);
        let percentile = |percent: usize| sorted[(sorted.len() - 1) * percent / 100];
        let (usual_low, usual_high) = (percentile(2), percentile(98));
        let usual = usual_high - usual_low;
        let is_far = |distance: f64| sorted.len() >= MANY && usual > 0.0 && distance > FAR * usual;
        let low = if is_far(usual_low - low) { usual_low } else { low };
        let high = if is_far(high - usual_high) { usual_high } else { high };
        // The difference of the two must stay finite.
        let [low, high] = [low, high].map(|end| end.clamp(-END_MOST, END_MOST));
        Some(ColourScale { low, high, better })
    }

    /// The colour of a value; values beyond an end have the colour of that end.
    pub(crate) fn colour(&self, value: f64) -> Colour {
        let value = value.clamp(self.low, self.high);
        let flip = self.better == Better::Low;
        if self.low < 0.0 && 0.0 < self.high {
            let share = value.abs() / self.high.max(-self.low);
            return between(if (value < 0.0) == flip { &BLUE } else { &ORANGE }, share);
        }
        let share = if self.low < self.high { (value - self.low) / (self.high - self.low) } else { 0.5 };
        between(&VIRIDIS, if flip { 1.0 - share } else { share })
    }

    /// The index of a value's part if the scale is cut into `shades` equal parts; 0 on a scale of a single value.
    pub(crate) fn shade(&self, value: f64, shades: usize) -> usize {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        // On a scale of a single value the share is NaN, which the cast turns into 0.
        ((share * shades as f64) as usize).min(shades - 1)
    }

    /// The colour in the middle of one of `shades` equal parts of the scale.
    pub(crate) fn colour_of_shade(&self, shade: usize, shades: usize) -> Colour {
        self.colour(self.low + (self.high - self.low) * (shade as f64 + 0.5) / shades as f64)
    }
}

const END_MOST: f64 = f64::MAX / 4.0;
/// With fewer values than this no value counts as an outlier.
const MANY: usize = 20;
/// An outlier lies further than this from the range between the percentiles, in widths of that range.
const FAR: f64 = 1.0;

/// A colour between two of a table; share 0 is the first of the table, share 1 the last.
fn between(table: &[[u8; 3]], share: f64) -> Colour {
    let position = share * (table.len() - 1) as f64;
    let below = (position as usize).min(table.len() - 2);
    let part = position - below as f64;
    let [from, to] = [table[below], table[below + 1]].map(|colour| colour.map(f64::from));
    Colour([0, 1, 2].map(|channel| from[channel] + (to[channel] - from[channel]) * part))
}

impl Colour {
    /// The colour in the form `#1f77b4`.
    pub(crate) fn hex(&self) -> String {
        let [red, green, blue] = self.0.map(|channel| channel.round() as u8);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The colour of text on this colour: white or black, with a contrast of at least 4.5 (WCAG 2.1, 1.4.3).
    pub(crate) fn text(&self) -> &'static str {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = channel / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { libm::pow((channel + 0.055) / 1.055, 2.4) }
        });
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        // At this luminance both contrasts are equal: 1.05 / (luminance + 0.05) = (luminance + 0.05) / 0.05. Dark grey instead
        // of black would stay below 4.5 around there, as white does.
        if luminance < 0.179 { "#ffffff" } else { "#000000" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scale(values: &[f64], better: Better) -> ColourScale {
        ColourScale::new(values, better).unwrap()
    }

    #[test]
    fn good_is_yellow_for_one_sign() {
        let high = scale(&[1.0, 3.0], Better::High);
        assert_eq!((high.colour(1.0).hex(), high.colour(3.0).hex()), ("#440154".into(), "#fde725".into()));
        let low = scale(&[1.0, 3.0], Better::Low);
        assert_eq!(low.colour(1.0), high.colour(3.0));
    }

    #[test]
    fn signs_part_at_zero() {
        let high = scale(&[-1.0, 3.0], Better::High);
        assert_eq!(high.colour(0.0).hex(), "#f3f3f3");
        assert_eq!(high.colour(3.0).hex(), "#014182");
        let lightness = |colour: Colour| colour.0.iter().sum::<f64>();
        assert!(lightness(high.colour(-1.0)) > lightness(high.colour(-3.0)) - 1e-9);
        let [red, _, blue] = high.colour(-1.0).0;
        assert!(red > blue, "negative is orange");
        assert_eq!(
            scale(&[-1.0, 3.0], Better::Low).colour(1.0).0,
            scale(&[-3.0, 1.0], Better::High).colour(-1.0).0
        );
    }

    #[test]
    fn equal_values_have_a_colour() {
        assert_eq!(
            scale(&[2.0, 2.0], Better::High).colour(2.0),
            scale(&[1.0, 3.0], Better::High).colour(2.0)
        );
        assert_eq!(ColourScale::new(&[f64::NAN, f64::INFINITY], Better::High), None);
    }

    #[test]
    fn an_outlier_does_not_take_all_colours() {
        let mut values: Vec<f64> = (0..200).map(f64::from).collect();
        values.push(1e6);
        let scale = scale(&values, Better::High);
        assert_eq!((scale.low, scale.high), (0.0, 196.0));
        assert_eq!(scale.colour(1e6), scale.colour(196.0));
        assert_eq!(scale.colour(f64::INFINITY), scale.colour(196.0));
    }

    #[test]
    fn text_is_dark_on_bright_colours() {
        assert_eq!(Colour([253.0, 231.0, 37.0]).text(), "#000000");
        assert_eq!(Colour([68.0, 1.0, 84.0]).text(), "#ffffff");
    }
}
