//! The choices behind the statistics where QSTrader and the textbooks differ. `docs/conventions.md#statistics` explains them.

/// From which point on drawdowns are measured; QSTrader leaves out the first. See `docs/conventions.md#high_water_start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HighWaterStart {
    /// From the second point: a loss on the second day is not a drawdown.
    SecondPoint,
    /// From the first point, the equity at the first close.
    InitialEquity,
}

/// Whether a point within rounding of the high-water mark lies below it. See `docs/conventions.md#drawdown_ties`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DrawdownTies {
    /// As wealth says that is computed by logarithms, to its last bit.
    Logarithms,
    /// As the equity itself says.
    Equity,
}

/// The risk in the denominator of the Sortino ratio; QSTrader takes the deviation of the losses. See
/// `docs/conventions.md#downside_risk`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DownsideRisk {
    /// The standard deviation of the negative returns about their own mean.
    NegativeDeviation,
    /// The root of the mean over all returns of the squared shortfalls below 0 (Sortino and Price 1994).
    RootMeanSquare,
}

/// The divisor of standard deviations; QSTrader takes the number of values. See `docs/conventions.md#deviation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// The number of values.
    Population,
    /// The number of values less one.
    Sample,
}

/// Whether the artificial return of 0 that QSTrader has at the first point counts. See `docs/conventions.md#first_return`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstReturn {
    /// It counts as a return, and the first point as a period.
    Counted,
    /// A curve of n points has n - 1 returns and periods.
    Excluded,
}

/// How figures are annualised: by a stated number of periods, as in QSTrader, or by the calendar. See
/// `docs/conventions.md#annualisation`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Annualisation {
    /// A year has the stated number of periods.
    PeriodsPerYear,
    /// A year has 365.25 calendar days; the periods in a year are counted on the curve.
    ActualTime,
}

/// Everything on which the figures of a curve depend besides the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rules {
    /// Periods a year, under [`Annualisation::PeriodsPerYear`].
    pub periods_per_year: f64,
    /// Annual risk-free rate, a fraction; it is divided equally among the periods.
    pub risk_free: f64,
    /// From which point on drawdowns are measured.
    pub high_water_start: HighWaterStart,
    /// Whether a point within rounding of the high-water mark lies below it.
    pub drawdown_ties: DrawdownTies,
    /// The risk in the Sortino ratio.
    pub downside_risk: DownsideRisk,
    /// The divisor of standard deviations.
    pub deviation: Deviation,
    /// Whether the artificial first return counts.
    pub first_return: FirstReturn,
    /// How figures are annualised.
    pub annualisation: Annualisation,
}

impl Rules {
    /// What the `qstrader` preset takes, for tests.
    #[cfg(test)]
    pub(crate) const QSTRADER: Rules = Rules {
        periods_per_year: 252.0,
        risk_free: 0.0,
        high_water_start: HighWaterStart::SecondPoint,
        drawdown_ties: DrawdownTies::Logarithms,
        downside_risk: DownsideRisk::NegativeDeviation,
        deviation: Deviation::Population,
        first_return: FirstReturn::Counted,
        annualisation: Annualisation::PeriodsPerYear,
    };

    /// The length in years of a curve of `points` points that spans `calendar_days`, and the number of periods in a year.
    pub(crate) fn years(&self, points: usize, calendar_days: f64) -> (f64, f64) {
        let periods = match self.first_return {
            FirstReturn::Counted => points as f64,
            FirstReturn::Excluded => points as f64 - 1.0,
        };
        match self.annualisation {
            Annualisation::PeriodsPerYear => (periods / self.periods_per_year, self.periods_per_year),
            Annualisation::ActualTime => {
                let years = calendar_days / 365.25;
                (years, periods / years)
            }
        }
    }
}
