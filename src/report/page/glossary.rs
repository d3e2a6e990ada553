//! What the figures mean, in words and as formulas: the text behind every definition on a page. `docs/statistics.md` and
//! `docs/verdict.md` say it at length.

/// A figure with its meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Definition {
    /// Its name for people.
    pub name: &'static str,
    /// What it is.
    pub meaning: &'static str,
    /// How it is computed.
    pub formula: &'static str,
}

const fn define(name: &'static str, meaning: &'static str, formula: &'static str) -> Definition {
    Definition { name, meaning, formula }
}

/// The definition of a figure of [`crate::sweep::row::METRICS`] or of another name used on a page.
pub fn definition(key: &str) -> Definition {
    match key {
        "sharpe" => define(
            "Sharpe ratio",
            "Return above the risk-free rate for each unit of risk, a year.",
            "sqrt(P) * mean(x) / deviation(x); x: daily return less risk-free rate, P: periods a year",
        ),
        "sortino" => define(
            "Sortino ratio",
            "As the Sharpe ratio, with the risk of losses alone.",
            "sqrt(P) * mean(x) / downside(x)",
        ),
        "cagr" => define(
            "Growth a year (CAGR)",
            "The constant growth that leads from the first equity to the last.",
            "(e(N) / e(1)) ^ (1 / years) - 1; e: equity at the close",
        ),
        "annualised_vol" => {
            define("Volatility a year", "How much daily returns vary.", "sqrt(P) * deviation(x)")
        }
        "max_drawdown" => define(
            "Largest drawdown",
            "The deepest fall from a high.",
            "largest (H - e(t)) / H; H: the highest equity so far",
        ),
        "max_drawdown_duration" => {
            define("Longest drawdown", "The longest time below a high.", "weekdays in a row below H")
        }
        "final_equity" => define("Final equity", "What is there at the end.", "e(N)"),
        "total_return" => define("Total return", "Growth over the whole time.", "e(N) / e(1) - 1"),
        "calmar" => define(
            "Calmar ratio",
            "Growth for each unit of the deepest fall.",
            "growth a year / largest drawdown",
        ),
        "fills" => define("Fills", "Orders carried out.", "number of fills"),
        "turnover" => define(
            "Turnover a year",
            "How often the equity is bought and sold; both count.",
            "P / N * sum over the fills of |price * quantity| / equity at the close before",
        ),
        "costs_paid" => {
            define("Costs paid", "Commission, tax and slippage of all fills.", "sum over the fills")
        }
        "exposure" => define(
            "Mean exposure",
            "How much of the equity is invested.",
            "mean over the days of sum(|quantity| * close) / equity",
        ),
        "skew" => define("Skew", "Below 0: rare large losses; a normal distribution has 0.", "m3 / m2 ^ 1.5"),
        "kurtosis" => {
            define("Kurtosis", "Above 3: more extreme days than a normal distribution.", "m4 / m2 ^ 2")
        }
        "excess_return" => define(
            "Excess return a year",
            "Mean daily return above the benchmark's, a year.",
            "P * mean(r - b); r, b: daily returns of strategy and benchmark",
        ),
        "tracking_error" => define(
            "Tracking error",
            "How much the difference to the benchmark varies.",
            "sqrt(P) * deviation(r - b)",
        ),
        "information_ratio" => define(
            "Information ratio",
            "Excess return for each unit of tracking error.",
            "excess return / tracking error",
        ),
        "beta" => define(
            "Beta",
            "How much the strategy moves with the benchmark.",
            "slope of the strategy's excess returns on the benchmark's",
        ),
        "alpha" => define(
            "Alpha a year",
            "Return that the benchmark does not explain.",
            "P * (mean(x) - beta * mean(benchmark's x))",
        ),
        "correlation" => {
            define("Correlation", "Of the daily returns with the benchmark's.", "covariance / deviations")
        }
        "plateau" => define(
            "Plateau",
            "How good the neighbourhood of a point is: it counts what is around it and how even that is.",
            "mean less standard deviation of the figure over the point and its neighbours",
        ),
        "break-even" => define(
            "Break-even",
            "The cost at which the point stops earning.",
            "where the total return crosses zero along the axis of costs, by a straight line",
        ),
        "selected" => define(
            "Sharpe ratio of the best point",
            "As the tests see it: true returns only.",
            "mean / deviation of the returns, times sqrt(P)",
        ),
        "psr" => define(
            "Probabilistic Sharpe ratio",
            "Probability that the true ratio exceeds 0, were there no selection.",
            "Phi(SR / se), se^2 = (1 - skew SR + (kurtosis - 1)/4 SR^2) / (T - 1)",
        ),
        "minimum_track_record" => define(
            "Minimum track record",
            "Periods after which that probability is 0.95.",
            "1 + (T - 1) se^2 (1.645 / SR)^2",
        ),
        "threshold" => define(
            "Best of as many tries by luck",
            "The Sharpe ratio that the best of so many trials without skill is expected to show.",
            "sqrt(V) ((1 - c) z(1 - 1/N) + c z(1 - 1/(N e))); V: variance of the trials' ratios, N: trials, c = 0.5772",
        ),
        "dsr" => define(
            "Deflated Sharpe ratio",
            "Probability that the true ratio exceeds what luck alone is expected to show.",
            "the probabilistic Sharpe ratio, measured from that threshold",
        ),
        "break_even_trials" => {
            define("Tries it bears", "Trials up to which the deflated ratio is 0.95.", "DSR(N) = 0.95")
        }
        "haircut" => define(
            "Sharpe ratio after a haircut",
            "What is left of it when its p-value is raised for so many tests.",
            "t-test, adjusted by Benjamini, Hochberg and Yekutieli, turned back into a ratio",
        ),
        "pbo" => define(
            "Probability of overfitting (PBO)",
            "How often the best point of one half of the time falls to the median or below on the other half.",
            "share of the splits with logit <= 0; logit = ln(rank / (trials + 1 - rank)) out of sample",
        ),
        "loss" => define(
            "Probability of loss",
            "How often the best point of one half loses money on the other.",
            "share of the splits with a Sharpe ratio below 0 out of sample",
        ),
        "out_of_sample" => define(
            "Sharpe ratio out of sample",
            "Of the point chosen on one half, on the other half.",
            "mean over the splits, times sqrt(P)",
        ),
        "rechosen" => define(
            "Sharpe ratio, chosen anew",
            "Of histories in which every eighth of the time was lived by the point that was best on the rest.",
            "mean over 15 histories of 16 blocks (López de Prado 2018, chapter 12), times sqrt(P)",
        ),
        "spa" => define(
            "Test for superior ability (SPA)",
            "Probability that the best of so many trials looks this good though none beats the benchmark.",
            "stationary bootstrap of max(0, max sqrt(T) m / omega) (Hansen 2005), consistent p-value",
        ),
        "spa_benchmark" => define(
            "The same against the benchmark",
            "Much of what beats cash in a rising market does not beat the market.",
            "the same bootstrap of the returns less those of holding the benchmark",
        ),
        "reality_check" => {
            define("Reality Check", "The same on bare means (White 2000).", "bootstrap of max sqrt(T) m")
        }
        "step_down" => define(
            "Trials that beat it one by one",
            "With all of them allowed for (Romano and Wolf).",
            "adjusted p-values at most 0.05",
        ),
        "trials" => define(
            "Trials that count",
            "Points that failed, never moved or equal another are no tries.",
            "points with distinct, moving returns",
        ),
        _ => define("", "", ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sweep::row::METRICS;

    #[test]
    fn every_figure_and_test_is_explained() {
        let tests = [
            "trials",
            "selected",
            "psr",
            "minimum_track_record",
            "threshold",
            "dsr",
            "break_even_trials",
            "haircut",
        ];
        let more = [
            "pbo",
            "loss",
            "out_of_sample",
            "rechosen",
            "spa",
            "spa_benchmark",
            "reality_check",
            "step_down",
        ];
        for metric in METRICS.into_iter().chain(tests).chain(more) {
            let Definition { name, meaning, formula } = definition(metric);
            assert!(!name.is_empty() && !meaning.is_empty() && !formula.is_empty(), "{metric}");
        }
    }
}
