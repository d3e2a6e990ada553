//! Numbers as colours that are as far apart as the numbers, also for colour-blind eyes.
//!
//! Bright or blue is better. Values of one sign run through viridis; where both signs occur, orange and blue
//! part at zero.

use crate::stats::better::Better;

/// Red, green and blue, 0 to 255.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Colour(pub [f64; 3]);

/// Every 15th of the 256 colours of viridis by Nathaniel Smith and Stéfan van der Walt (matplotlib 2.0, 2015;
/// CC0).
#[rustfmt::skip]
const VIRIDIS: [[u8; 3]; 18] = [
    [68, 1, 84], [72, 23, 105], [71, 42, 122], [67, 61, 132], [61, 78, 138], [53, 94, 141], [46, 109, 142],
    [41, 123, 142], [35, 137, 142], [31, 151, 139], [33, 165, 133], [46, 179, 124], [70, 192, 111], [101, 203, 94],
    [137, 213, 72], [176, 221, 47], [216, 226, 25], [253, 231, 37],
];

/// From neutral to dark along blue (hue 255) and orange (hue 52) in OKLCH (Ottosson, "A perceptual color
/// space for image processing", 2020): lightness falls evenly from 0.965 to 0.38 on both sides, chroma rises
/// to 0.14 where the screen has it.
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

/// Which colour a value has.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct ColourScale {
    /// The value of the first colour; smaller ones share it.
    pub low: f64,
    /// The value of the last colour; larger ones share it.
    pub high: f64,
    better: Better,
}

impl ColourScale {
    /// A scale for values, of which those that are not finite do not count. `None` without finite values.
    ///
    /// A few values far from all others would leave one colour to the rest: the scale then ends at the 2nd or
    /// 98th percentile.
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
        // So that the difference of the two is a number.
        let [low, high] = [low, high].map(|end| end.clamp(-END_MOST, END_MOST));
        Some(ColourScale { low, high, better })
    }

    /// The colour of a value; infinities have the last colours.
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

    /// Which of so many equal parts of the scale a value lies in; 0 on a scale of one value.
    pub(crate) fn shade(&self, value: f64, shades: usize) -> usize {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        // Without a span the share is NaN, which becomes 0.
        ((share * shades as f64) as usize).min(shades - 1)
    }

    /// The colour in the middle of one of so many equal parts of the scale.
    pub(crate) fn colour_of_shade(&self, shade: usize, shades: usize) -> Colour {
        self.colour(self.low + (self.high - self.low) * (shade as f64 + 0.5) / shades as f64)
    }
}

const END_MOST: f64 = f64::MAX / 4.0;
/// Fewer values than this have no outliers.
const MANY: usize = 20;
/// How far from the usual values is far, in widths of the usual range.
const FAR: f64 = 1.0;

/// A colour of a table; a share of 0 is its first, of 1 its last.
fn between(table: &[[u8; 3]], share: f64) -> Colour {
    let place = share * (table.len() - 1) as f64;
    let below = (place as usize).min(table.len() - 2);
    let part = place - below as f64;
    let [from, to] = [table[below], table[below + 1]].map(|colour| colour.map(f64::from));
    Colour([0, 1, 2].map(|channel| from[channel] + (to[channel] - from[channel]) * part))
}

impl Colour {
    /// As in `#1f77b4`.
    pub(crate) fn hex(&self) -> String {
        let [red, green, blue] = self.0.map(|channel| channel.round() as u8);
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// White or black, whichever is easier to read on this colour: a contrast of at least 4.5 on any (WCAG 2.1, 1.4.3).
    pub(crate) fn text(&self) -> &'static str {
        let [red, green, blue] = self.0.map(|channel| {
            let channel = channel / 255.0;
            if channel <= 0.04045 { channel / 12.92 } else { libm::pow((channel + 0.055) / 1.055, 2.4) }
        });
        let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        // Where 1.05 / (luminance + 0.05) equals (luminance + 0.05) / 0.05. With dark grey in place of black neither
        // would reach 4.5 around there.
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
