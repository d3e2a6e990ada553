//! `parabolic_sar(step, most)`: Wilder's stop and reverse.

use crate::formula::kernel::arithmetic::finite;
use crate::formula::kernel::days::Days;
use crate::formula::operator::{Absent, Argument, Compute, Number, Operator, Window};
use crate::market::columns::Column;

/// `parabolic_sar(step, most)`: Wilder's stop and reverse.
pub(crate) static PARABOLIC_SAR: Operator = Operator {
    name: "parabolic_sar",
    usage: "parabolic_sar(step, most)",
    synonyms: &[],
    arguments: &[
        Argument::Series(Column::High),
        Argument::Series(Column::Low),
        Argument::Constant(Number::Positive),
        Argument::Constant(Number::Positive),
    ],
    optional: 0,
    rule: Some(rule),
    depth: |_| 2,
    compute: Compute::OverTime(compute),
    purpose: "indicators with a name of their own",
    definition: "Wilder's stop and reverse: a stop that closes in on the price, faster with each new extreme. While long it \
        moves each day by the acceleration of the way to the highest high since the turn, and never above the lows \
        of today and yesterday. The acceleration begins with `step`, grows by `step` with each new high, and is at \
        most `most`. Where the low reaches the stop it turns short: the stop is then the highest high, and the \
        mirror image begins. It begins on the asset's second day, short if the low fell more than the high rose, \
        else long. `step` is at most `most`.",
    absent: Absent::Rule("Absent before the asset's second day."),
    example: &[
        "A: parabolic_sar(0.1, 0.3) -> -, 9, 13, 13, 8, 8.8",
        "A: parabolic_sar(0.02, 0.2) -> -, 9, 13, 13, 8, 8.16",
    ],
    remarks: "",
    source: "J. Welles Wilder, New Concepts in Technical Trading Systems, 1978; TA-Lib's SAR.",
};

fn rule(constants: &[f64]) -> Option<String> {
    match *constants {
        [step, most] if step > most => Some(
            "the step of parabolic_sar is at most its largest acceleration: write parabolic_sar(0.02, 0.2)"
                .to_owned(),
        ),
        _ => None,
    }
}

/// The high and the low of one day.
#[derive(Clone, Copy)]
struct Prices {
    high: f64,
    low: f64,
}

impl Prices {
    /// Upside down: falls become rises.
    fn mirrored(self) -> Prices {
        Prices { high: -self.low, low: -self.high }
    }
}

/// What is carried from day to day. While short it sees prices upside down, so that every rule is that of being long.
struct Stop {
    is_short: bool,
    stop: f64,
    extreme: f64,
    acceleration: f64,
}

impl Stop {
    /// The state on the asset's second day, before that day is looked at.
    fn new(first: Prices, second: Prices, step: f64) -> Stop {
        let (up, down) = (second.high - first.high, first.low - second.low);
        let is_short = down > up && down > 0.0;
        let seen = |prices: Prices| if is_short { prices.mirrored() } else { prices };
        Stop { is_short, stop: seen(first).low, extreme: seen(second).high, acceleration: step }
    }

    /// The value of a day, given the day before.
    fn value(&mut self, today: Prices, before: Prices, [step, most]: [f64; 2]) -> f64 {
        let (mut now, mut before) = match self.is_short {
            true => (today.mirrored(), before.mirrored()),
            false => (today, before),
        };
        let value;
        if now.low <= self.stop {
            // Upside down from here on.
            value = -self.extreme.max(before.high).max(now.high);
            (now, before) = (now.mirrored(), before.mirrored());
            self.is_short = !self.is_short;
            (self.acceleration, self.extreme) = (step, now.high);
        } else {
            value = self.stop;
            if now.high > self.extreme {
                self.extreme = now.high;
                self.acceleration = (self.acceleration + step).min(most);
            }
        }
        let next = value + self.acceleration * (self.extreme - value);
        self.stop = next.min(before.low).min(now.low);
        if self.is_short { -value } else { value }
    }
}

fn compute(window: &Window, days: Days, out: &mut [f64]) {
    let (&[high, low], &[step, most]) = (window.columns, window.constants) else { return };
    let mut before: Option<Prices> = None;
    let mut stop: Option<Stop> = None;
    let mut value = |high: f64, low: f64| {
        if high.is_nan() | low.is_nan() {
            return f64::NAN;
        }
        let today = Prices { high, low };
        let Some(yesterday) = before.replace(today) else { return f64::NAN };
        match &mut stop {
            Some(stop) => finite(stop.value(today, yesterday, [step, most])),
            None => {
                let first = stop.insert(Stop::new(yesterday, today, step));
                finite(first.value(today, today, [step, most]))
            }
        }
    };
    let column: Vec<f64> = high.iter().zip(low).map(|(high, low)| value(*high, *low)).collect();
    days.gather(out, &column);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formula::operators::over_time::testing::{NAN, check};

    #[test]
    fn hand_worked_values() {
        // Long from 9 with the extreme 12; then 9 + 0.1 * 3, at most both lows; a new high makes the acceleration 0.2: 9.3 +
        // 0.2 * 4.7; the low 9 reaches 10.24: short from the highest high.
        let high = [11.0, 12.0, 14.0, 13.0, 10.0];
        let low = [9.0, 10.0, 11.0, 9.0, 8.0];
        check(&PARABOLIC_SAR, &[0.1, 0.2], &[&high, &low], &[NAN, 9.0, 9.3, 14.0, 14.0]);
    }

    #[test]
    fn short_is_the_mirror_image() {
        let high = [11.0, 12.0, 14.0, 13.0, 10.0, 9.0];
        let low = [9.0, 10.0, 11.0, 9.0, 8.0, 4.0];
        let (minus_low, minus_high) = (low.map(|x| -x), high.map(|x| -x));
        let long = [NAN, 9.0, 9.3, 14.0, 14.0, 13.0];
        check(&PARABOLIC_SAR, &[0.1, 0.2], &[&high, &low], &long);
        check(&PARABOLIC_SAR, &[0.1, 0.2], &[&minus_low, &minus_high], &long.map(|x| -x));
    }
}
