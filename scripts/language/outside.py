"""Operators that TA-Lib and pandas have too, on real prices: outside.py PROGRAM PRICES

A row is the name there, the formula here, the other's value of open, high, low, close and volume, and the sessions after which both
must agree: averages of Wilder and `ema` begin otherwise in TA-Lib, and forget it.
"""
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import talib
from values import COLUMNS, Prices, apart

TYPICAL = "(high + low + close) / 3"
STOCHASTIC = "(close - lowest(low, 14)) / (highest(high, 14) - lowest(low, 14))"


def rolling(x, n):
    return pd.Series(x).rolling(n)


def returns(x):
    return pd.Series(x).pct_change()


ROWS = [
    ("TA-Lib EMA", "ema(20)", lambda o, h, l, c, v: talib.EMA(c, 20), 700),
    ("TA-Lib WMA", "wma(close, 20)", lambda o, h, l, c, v: talib.WMA(c, 20), 0),
    ("TA-Lib KAMA", "kama(30)", lambda o, h, l, c, v: talib.KAMA(c, 30), 0),
    ("TA-Lib MACD", "ema(12) - ema(26)", lambda o, h, l, c, v: talib.MACD(c, 12, 26, 9)[0], 700),
    ("TA-Lib RSI", "rsi(14)", lambda o, h, l, c, v: talib.RSI(c, 14), 0),
    ("TA-Lib ATR", "atr(14)", lambda o, h, l, c, v: talib.ATR(h, l, c, 14), 600),
    ("TA-Lib PLUS_DI", "plus_di(14)", lambda o, h, l, c, v: talib.PLUS_DI(h, l, c, 14), 600),
    ("TA-Lib MINUS_DI", "minus_di(14)", lambda o, h, l, c, v: talib.MINUS_DI(h, l, c, 14), 600),
    ("TA-Lib ADX", "adx(14)", lambda o, h, l, c, v: talib.ADX(h, l, c, 14), 600),
    ("TA-Lib SAR", "parabolic_sar(0.02, 0.2)", lambda o, h, l, c, v: talib.SAR(h, l, 0.02, 0.2), 0),
    ("TA-Lib LINEARREG", "close - residual(close, 20)", lambda o, h, l, c, v: talib.LINEARREG(c, 20), 0),
    ("TA-Lib CORREL", "correlation(high, low, 30)", lambda o, h, l, c, v: talib.CORREL(h, l, 30), 0),
    ("TA-Lib STDDEV", "stdev(20) * sqrt(19 / 20)", lambda o, h, l, c, v: talib.STDDEV(c, 20, 1), 0),
    ("TA-Lib MAX", "highest(high, 20)", lambda o, h, l, c, v: talib.MAX(h, 20), 0),
    ("TA-Lib MIN", "lowest(low, 20)", lambda o, h, l, c, v: talib.MIN(l, 20), 0),
    ("TA-Lib SUM", "sum(volume, 20)", lambda o, h, l, c, v: talib.SUM(v, 20), 0),
    ("TA-Lib SMA", "sma(50)", lambda o, h, l, c, v: talib.SMA(c, 50), 0),
    ("TA-Lib ROC", "returns(10) * 100", lambda o, h, l, c, v: talib.ROC(c, 10), 0),
    ("TA-Lib MOM", "delta(close, 10)", lambda o, h, l, c, v: talib.MOM(c, 10), 0),
    (
        "TA-Lib CCI",
        f"({TYPICAL} - sma({TYPICAL}, 20)) / (0.015 * mean_absolute_deviation({TYPICAL}, 20))",
        lambda o, h, l, c, v: talib.CCI(h, l, c, 20),
        0,
    ),
    ("TA-Lib WILLR", f"100 * ({STOCHASTIC} - 1)", lambda o, h, l, c, v: talib.WILLR(h, l, c, 14), 0),
    ("TA-Lib STOCHF", f"100 * {STOCHASTIC}", lambda o, h, l, c, v: talib.STOCHF(h, l, c, 14, 3)[0], 15),
    ("pandas slope", "slope(20)", lambda o, h, l, c, v: rolling(c, 20).apply(lambda w: np.polyfit(range(20), w, 1)[0]), 0),
    ("pandas median", "median(close, 20)", lambda o, h, l, c, v: rolling(c, 20).median(), 0),
    ("pandas quantile", "quantile(close, 20, 0.8)", lambda o, h, l, c, v: rolling(c, 20).quantile(0.8), 0),
    ("pandas rank", "percent_rank(close, 20)", lambda o, h, l, c, v: rolling(c, 20).rank(pct=True), 0),
    ("pandas skew", "skew(returns(1), 60)", lambda o, h, l, c, v: returns(c).rolling(60).apply(pd.Series.skew), 0),
    ("pandas kurt", "kurtosis(returns(1), 60)", lambda o, h, l, c, v: returns(c).rolling(60).apply(pd.Series.kurt), 0),
    ("pandas cov", "covariance(close, volume, 20)", lambda o, h, l, c, v: rolling(c, 20).cov(pd.Series(v)), 0),
    ("pandas std", "stdev(returns(1), 20)", lambda o, h, l, c, v: returns(c).rolling(20).std(), 0),
    ("pandas prod", "product(1 + returns(1), 20)", lambda o, h, l, c, v: (1 + returns(c)).rolling(20).apply(np.prod), 0),
    ("pandas expanding mean", "sma(close, all)", lambda o, h, l, c, v: pd.Series(c).expanding().mean(), 0),
    ("pandas expanding std", "stdev(close, all)", lambda o, h, l, c, v: pd.Series(c).expanding().std(), 0),
    ("pandas cummax", "highest(close, all)", lambda o, h, l, c, v: pd.Series(c).cummax(), 0),
    (
        "pandas ewm",
        "partial(ema(returns(1) ^ 2, 2 / 0.06 - 1))",
        lambda o, h, l, c, v: (returns(c) ** 2).ewm(alpha=0.06, adjust=False).mean(),
        0,
    ),
]


def main():
    program, prices = sys.argv[1], Path(sys.argv[2])
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        funds = Prices(prices, Path(folder), "2006-01-03", "2013-12-31")
        for name, formula, other, after in ROWS:
            got = funds.values(program, formula)
            difference, gaps = 0.0, 0
            for ticker, frame in funds.frames.items():
                want = pd.Series(np.asarray(other(*(frame[column].to_numpy() for column in COLUMNS)), float), index=frame.index)
                far, absent = apart(got[ticker][after:], want[after:])
                difference, gaps = max(difference, far), gaps + absent
            is_equal = difference <= 1e-9 and gaps == 0
            failed += not is_equal
            begins = f", from session {after} on" if after else ""
            print(f"{name:22} {difference:.1e}{begins}{'' if is_equal else f'  DIFFERS, absent on one side alone: {gaps}'}")
        print(f"{len(ROWS) - failed} of {len(ROWS)} agree to 1e-9 on {len(funds.frames)} funds over {len(funds.sessions)} sessions")
    sys.exit(failed > 0)


if __name__ == "__main__":
    main()
