//! Durations and sizes as people read them.

use std::time::Duration;

use indicatif::{DecimalBytes, HumanDuration};

/// Shorter times are shown in hundredths of a second.
const SECONDS_EXACT: f64 = 10.0;

/// `1.25 s`, `3 minutes`, `2 hours`. Negative and undefined times are shown as 0.
pub(crate) fn duration(seconds: f64) -> String {
    let time = Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX);
    if time.as_secs_f64() < SECONDS_EXACT {
        return format!("{:.2} s", time.as_secs_f64());
    }
    HumanDuration(time).to_string()
}

/// `12.30 MB`, in powers of 1000.
pub(crate) fn bytes(bytes: f64) -> String {
    DecimalBytes(bytes as u64).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_as_people_say_them() {
        let shown = [-1.0, f64::NAN, 0.25, 59.6, 200.0, 7500.0].map(duration);
        assert_eq!(shown, ["0.00 s", "0.00 s", "0.25 s", "60 seconds", "3 minutes", "2 hours"]);
        assert!(duration(f64::INFINITY).ends_with("years"));
    }

    #[test]
    fn sizes_have_a_unit() {
        assert_eq!([0.0, 1500.0, 12.3e6, 4e9].map(bytes), ["0 B", "1.50 kB", "12.30 MB", "4.00 GB"]);
    }
}
