//! The choices behind the statistics: where QSTrader and the textbooks differ (SEM 15, 20).

/// From which point on a drawdown can be measured (Q9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HighWaterStart {
    /// From the second point: a loss on the second day is no drawdown.
    SecondPoint,
    /// From the first point, the equity at the first close.
    InitialEquity,
}

/// Whether a point within rounding of the high-water mark lies below it (SEM 15.1, 17).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DrawdownTies {
    /// As the last bit of wealth computed by logarithms says.
    Logarithms,
    /// As the equity itself says.
    Equity,
}

/// The risk in the denominator of the Sortino ratio (Q10).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum DownsideRisk {
    /// Deviation of the negative returns about their own mean.
    NegativeDeviation,
    /// Root of the mean over all returns of the squared shortfalls below 0 (Sortino and Price 1994).
    RootMeanSquare,
}

/// The divisor of deviations (Q11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Deviation {
    /// The number of values.
    Population,
    /// One less.
    Sample,
}

/// Whether the zero return that QSTrader puts at the first point counts (Q12).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FirstReturn {
    /// It is a return, and the point a period.
    Counted,
    /// A curve of n points has n - 1 returns and periods.
    Excluded,
}

/// How a period becomes a year (Q6).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Annualisation {
    /// A year has the stated number of periods.
    PeriodsPerYear,
    /// A year has 365.25 calendar days; periods a year are counted on the curve.
    ActualTime,
}

/// Everything the figures of one curve depend on besides the curve.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Rules {
    /// Periods a year, under [`Annualisation::PeriodsPerYear`].
    pub periods_per_year: f64,
    /// Annual risk-free rate as a fraction; a period has its equal part.
    pub risk_free: f64,
    /// See [`HighWaterStart`].
    pub high_water_start: HighWaterStart,
    /// See [`DrawdownTies`].
    pub drawdown_ties: DrawdownTies,
    /// See [`DownsideRisk`].
    pub downside_risk: DownsideRisk,
    /// See [`Deviation`].
    pub deviation: Deviation,
    /// See [`FirstReturn`].
    pub first_return: FirstReturn,
    /// See [`Annualisation`].
    pub annualisation: Annualisation,
}

impl Rules {
    /// Years of a curve of some points that spans some calendar days, and periods in one of them.
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
