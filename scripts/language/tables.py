"""The tables of docs/coming-from.md, both sides on real prices: tables.py PROGRAM PRICES [PAGE]

The left side of pandas, TA-Lib and qlib is evaluated as Python, the right side by the program. A remark says how far they agree:
nothing: everywhere; "Absent": where both have a value; "Equal from day N on"; "Equal to N digits"; "Other numbers": they must
differ somewhere.
"""
import re
import sys
import tempfile
from pathlib import Path

import alpha158
import numpy as np
import pandas as pd
import talib
from values import COLUMNS, TICKERS, Prices, apart

PAGE = Path(__file__).parents[2] / "docs" / "coming-from.md"
MOST_APART = 1e-9
SECTOR = {ticker: "sectors" if ticker.startswith("XL") else "markets" for ticker in TICKERS}
GROUPS = "groups.sector = { " + ", ".join(
    f"{name} = {[ticker for ticker in TICKERS if SECTOR[ticker] == name]}" for name in ["sectors", "markets"]
) + " }\n"


def rows(text, title):
    """The rows of the table under a heading: left side, right side, remark."""
    section = text.split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line for line in section.splitlines() if line.startswith("| `")]
    return [re.fullmatch(r"\| `([^|]+)` \| `([^|]+)` \| (.*)\|", line).groups() for line in lines]


def table(value, closes):
    """A result as a table with a row a session, or a row a week or month, and a column a ticker."""
    if isinstance(value, pd.Series):
        return pd.DataFrame({ticker: value for ticker in closes})
    if not isinstance(value, pd.DataFrame):
        value = np.asarray(value)
        value = pd.DataFrame(np.broadcast_to(value.T, closes.T.shape).T, index=closes.index, columns=closes.columns)
    return value


def at_ends(got, want):
    """The values here on the last session of each week or month of a result there, labelled as there. A week or month that goes
    on after the last session is left out."""
    want = want[want.index <= got.index[-1]]
    places = got.index.searchsorted(want.index, side="right") - 1
    return got.iloc[places].set_axis(want.index), want


def of_qlib(text, series):
    """The value of qlib's text for one fund."""
    over, of_two = alpha158.over, alpha158.of_two
    numbered = {
        "Mean": lambda x, n: x.astype(float).rolling(n, min_periods=1).mean() if n else x.expanding().mean(),
        "Var": lambda x, n: over(x, n, alpha158.deviation) ** 2,
        "Skew": lambda x, n: over(x, n, lambda window: pd.Series(window).skew()),
        "Kurt": lambda x, n: over(x, n, lambda window: pd.Series(window).kurt()),
        "Med": lambda x, n: over(x, n, np.nanmedian),
        "Mad": lambda x, n: over(x, n, lambda window: np.nanmean(np.abs(window - np.nanmean(window)))),
        "Delta": lambda x, n: x - x.shift(n),
        "Cov": lambda x, y, n: x.rolling(n, min_periods=1).cov(y),
        "EMA": lambda x, n: x.ewm(span=n, min_periods=1).mean(),
        "WMA": lambda x, n: over(x, n, lambda window: np.average(window, weights=range(1, len(window) + 1)) / len(window)),
        "Gt": of_two(np.greater),
        "If": lambda condition, a, b: pd.Series(np.where(condition, a, b), index=condition.index),
        "Power": lambda x, exponent: x**exponent,
        "Mask": lambda x, ticker: series["of"](x.name, ticker),
    }
    return eval(text.replace("$", ""), {**alpha158.OPERATORS, **numbered, **series})


class Tables:
    """Real prices with the program, and what has been found of the rows."""

    def __init__(self, program, prices, folder):
        self.program = program
        self.funds = Prices(prices, folder, "2006-01-03", "2013-12-31")
        self.funds.strategy.write_text(self.funds.strategy.read_text() + GROUPS)
        frames = self.funds.frames
        self.wide = {name.lower(): pd.DataFrame({t: frame[name] for t, frame in frames.items()}) for name in COLUMNS}
        self.failed = 0

    def of_one_fund(self, evaluate):
        """A table of what is evaluated fund by fund."""
        def series(ticker):
            columns = {name: values[ticker].rename(name) for name, values in self.wide.items()}
            return {**columns, "of": lambda name, other: self.wide[name][other]}

        return pd.DataFrame({ticker: evaluate(series(ticker)) for ticker in TICKERS})

    def want(self, title, text):
        """What the other tool says."""
        if title == "pandas":
            value = eval(text, {"np": np, "sector": SECTOR, **self.wide})
        elif title == "TA-Lib":
            value = self.of_one_fund(lambda series: eval(text, {"talib": talib, **series}))
        else:
            value = self.of_one_fund(lambda series: of_qlib(text, series))
        return table(value, self.wide["close"]).astype(float)

    def compare(self, title, text, formula, remark):
        """Compares the two sides of a row as far as its remark says, and prints what was found."""
        got, want = self.funds.values(self.program, formula)[TICKERS], self.want(title, text)
        if not want.index.isin(got.index).all():
            got, want = at_ends(got, want)
        begins, digits = re.search(r"Equal from day (\d+) on", remark), re.search(r"Equal to (\d+) digits", remark)
        most = 10.0 ** -int(digits[1]) if digits else MOST_APART
        difference, gaps = furthest(got, want, int(begins[1]) if begins else 0)
        whole, _ = furthest(got, want, 0)
        said = [
            ("Other numbers" in remark or difference <= most, f"{difference:.1e} apart"),
            ("Other numbers" not in remark or difference > most, "the remark says other numbers, and there are none"),
            (not begins or whole > most, "the remark says that they begin otherwise, and they do not"),
            (not digits or difference > MOST_APART, "the remark says that digits are lost, and they are not"),
            ("Absent" in remark or not gaps, f"absent on one side alone in {gaps} of {got.size} values, and no remark says so"),
            ("Absent" not in remark or gaps, "the remark speaks of absent values, and they are the same"),
            ((got.notna() & want.notna()).to_numpy().any(), "no value is on both sides"),
        ]
        faults = [fault for holds, fault in said if not holds]
        if faults:
            self.failed += 1
            print(f"{title}: {text} and {formula}: {'; '.join(faults)}")
        elif "Other numbers" in remark:
            unequal = ((got - want).abs() > most * want.abs().clip(lower=1)).to_numpy().mean()
            print(f"{title}: {text}: not compared, {unequal:.1%} are other numbers")
            difference = 0.0
        elif gaps:
            there, here = (int(alone.to_numpy().sum()) for alone in [want.isna() & got.notna(), got.isna() & want.notna()])
            print(f"{title}: {text}: of {got.size} values {there} are absent there alone, {here} here alone")
        return difference


def furthest(got, want, first):
    """How far two tables are apart from a row on, and how many values one of them alone has."""
    far = [apart(got[ticker][first:], want[ticker][first:])[0] for ticker in got]
    return max(far), int((got.isna() != want.isna()).to_numpy().sum())


def main():
    program, prices = sys.argv[1], Path(sys.argv[2])
    page = Path(sys.argv[3]) if len(sys.argv) > 3 else PAGE
    text = page.read_text()
    with tempfile.TemporaryDirectory() as folder:
        tables = Tables(program, prices, Path(folder))
        count, worst = 0, (0.0, "")
        for title in ["pandas", "TA-Lib", "qlib"]:
            for left, right, remark in rows(text, title):
                worst = max(worst, (tables.compare(title, left, right, remark), left))
                count += 1
        print(f"tables: {count - tables.failed} of {count} rows are as {page.name} says; "
              f"the furthest is {worst[1]}, {worst[0]:.1e}")
    sys.exit(tables.failed > 0 or count == 0)


if __name__ == "__main__":
    main()
