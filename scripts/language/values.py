"""Prices of real funds on their common sessions, and the values of a formula on them by the program."""
import io
import json
import subprocess
from pathlib import Path

import pandas as pd

TICKERS = ["AGG", "GLD", "QQQ", "SPY", "TLT", "XLB", "XLE", "XLF", "XLK", "XLV"]
COLUMNS = ["Open", "High", "Low", "Close", "Volume"]


class Prices:
    """Ten funds from `start` to `end`, written with a strategy file into `folder`. `columns` makes further numbers of a fund's
    prices, by name."""

    def __init__(self, prices, folder, start, end, columns=None):
        frames = {ticker: read(prices / f"{ticker}.csv", start, end) for ticker in TICKERS}
        sessions = sorted(set.intersection(*(set(frame.index) for frame in frames.values())))
        self.frames = {ticker: frame.loc[sessions] for ticker, frame in frames.items()}
        self.sessions = sessions
        self.strategy = folder / "strategy.toml"
        declared = []
        for name, make in {None: lambda frame: frame, **(columns or {})}.items():
            place = folder / (name or "prices")
            place.mkdir()
            for ticker, frame in self.frames.items():
                make(frame).to_csv(place / f"{ticker}.csv", date_format="%Y-%m-%d")
            if name:
                declared.append(f'data.columns.{name} = {{ folder = "{name}", lag = 0 }}\n')
        self.strategy.write_text(
            'name = "language"\nconventions = "sound"\n'
            f"universe = {{ assets = {json.dumps(TICKERS)} }}\n"
            'alpha = { weights = "0 * close" }\nrebalance = { schedule = "daily" }\n'
            "portfolio = { initial_cash = 1e6, long_short = { gross_leverage = 1.0 } }\n"
            f"period = {{ start = {sessions[0].date()}, end = {sessions[-1].date()} }}\n"
            'data.prices = "prices"\ndata.adjust = false\n' + "".join(declared)
        )

    def values(self, program, formula):
        """The values of a formula: a column a fund, a row a session."""
        command = [program, "formula", self.strategy, "-", "--format", "csv", "--quiet"]
        done = subprocess.run(command, input=formula, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{formula}: {done.stderr}")
        return pd.read_csv(io.StringIO(done.stdout), index_col="Date", parse_dates=True)


def read(path, start, end):
    frame = pd.read_csv(Path(path), index_col="Date", parse_dates=True)[COLUMNS].astype(float)
    # A volume of 0 is infinity in other tools, and absent here.
    frame["Volume"] = frame["Volume"].clip(lower=1)
    return frame[(frame.index >= start) & (frame.index <= end)]


def apart(got, want):
    """How far two series are apart, as a share of their size, and on how many sessions one of them alone is absent."""
    there = got.notna() & want.notna()
    size = want[there].abs().clip(lower=1e-3 * want.abs().max())
    return ((got - want)[there].abs() / size).max() if there.any() else 0.0, int((got.isna() != want.isna()).sum())
