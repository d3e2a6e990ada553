"""The 158 factors of qlib's Alpha158 as formulas, against qlib's own text evaluated by pandas, each window afresh.

alpha158.py PROGRAM FACTORS PRICES
"""
import json
import re
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
from values import Prices, apart


def over(x, n, function):
    return x.astype(float).rolling(int(n), min_periods=1).apply(function, raw=True)


def present(window):
    places = np.arange(1.0, len(window) + 1)[~np.isnan(window)]
    return places, window[~np.isnan(window)]


def deviation(window):
    _, values = present(window)
    return values.std(ddof=1) if len(values) > 1 else np.nan


def slope(window):
    places, values = present(window)
    return np.polyfit(places - places.mean(), values - values.mean(), 1)[0] if len(values) > 1 else np.nan


def residual(window):
    places, values = present(window)
    if len(values) < 2 or np.isnan(window[-1]):
        return np.nan
    return (values[-1] - values.mean()) - slope(window) * (places[-1] - places.mean())


def rsquare(window):
    places, values = present(window)
    if len(values) < 2 or values.max() == values.min():
        return np.nan
    return np.corrcoef(places, values)[0, 1] ** 2


def correlation(a, b, n):
    out = np.full(len(a), np.nan)
    for t in range(len(a)):
        x, y = (series.to_numpy(float)[max(0, t - n + 1) : t + 1] for series in (a, b))
        both = ~np.isnan(x) & ~np.isnan(y)
        if both.sum() > 1 and x[both].std() > 0 and y[both].std() > 0:
            out[t] = np.corrcoef(x[both], y[both])[0, 1]
    # qlib leaves out what hardly moves.
    moves = (over(a, n, deviation) > 2e-5) & (over(b, n, deviation) > 2e-5)
    return pd.Series(out, index=a.index).where(moves)


def of_two(function):
    def of(a, b):
        index = next(side.index for side in (a, b) if isinstance(side, pd.Series))
        a, b = (side if isinstance(side, pd.Series) else pd.Series(float(side), index=index) for side in (a, b))
        return function(a, b).where(a.notna() & b.notna())

    return of


OPERATORS = {
    "Ref": lambda x, n: x.shift(n),
    "Mean": lambda x, n: over(x, n, np.nanmean),
    "Std": lambda x, n: over(x, n, deviation),
    "Sum": lambda x, n: x.rolling(n, min_periods=1).sum(),
    "Max": lambda x, n: x.rolling(n, min_periods=1).max(),
    "Min": lambda x, n: x.rolling(n, min_periods=1).min(),
    "Quantile": lambda x, n, q: x.rolling(n, min_periods=1).quantile(q),
    "Rank": lambda x, n: x.rolling(n, min_periods=1).rank(pct=True),
    "IdxMax": lambda x, n: over(x, n, lambda window: np.nanargmax(window) + 1),
    "IdxMin": lambda x, n: over(x, n, lambda window: np.nanargmin(window) + 1),
    "Slope": lambda x, n: over(x, n, slope),
    "Resi": lambda x, n: over(x, n, residual),
    "Rsquare": lambda x, n: over(x, n, rsquare).where(over(x, n, deviation) > 2e-5),
    "Corr": correlation,
    "Greater": of_two(np.maximum),
    "Less": of_two(np.minimum),
    "Abs": lambda x: x.abs(),
    "Log": np.log,
}


def typical(frame):
    return ((frame["High"] + frame["Low"] + frame["Close"]) / 3).rename("vwap").to_frame()


def main():
    program, factors, prices = sys.argv[1], json.loads(Path(sys.argv[2]).read_text())["factors"], Path(sys.argv[3])
    worst, failed = (0.0, ""), 0
    with tempfile.TemporaryDirectory() as folder:
        funds = Prices(prices, Path(folder), "2008-01-02", "2013-12-31", {"vwap": typical})
        for factor in factors:
            got = funds.values(program, factor["formula"])
            text = re.sub(r"\$(\w+)", r"\1", factor["qlib"])
            difference, gaps = 0.0, 0
            for ticker, frame in funds.frames.items():
                series = {name.lower(): frame[name] for name in frame} | {"vwap": typical(frame)["vwap"]}
                want = eval(text, {**OPERATORS, **series}).astype(float).replace([np.inf, -np.inf], np.nan)
                far, absent = apart(got[ticker], want)
                difference, gaps = max(difference, far), gaps + absent
            if gaps or difference > 1e-9:
                failed += 1
                print(f"{factor['name']}: {difference:.1e} apart, absent on one side alone on {gaps} sessions")
            worst = max(worst, (difference, factor["name"]))
    print(f"alpha158: {len(factors) - failed} of {len(factors)} factors agree to 1e-9 on {len(funds.frames)} funds over "
          f"{len(funds.sessions)} sessions; the furthest is {worst[1]}, {worst[0]:.1e}")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
