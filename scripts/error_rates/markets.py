"""Prices of a case: made ones, real ones, and real days in another order."""

import csv
import hashlib
import math
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from .failure import Failure

DEVIATION = 0.01
# Of the variance of a day: what the last square and the last variance give, and what is left.
REACTION, MEMORY = 0.08, 0.90
# So that no price reaches 0.
LARGEST_MOVE = 0.5
NAMES = [f"M{number:02}" for number in range(1, 100)]


@dataclass
class Market:
    """Price files of a case. `dates` are the sessions from the first price on; the sweep is judged on the last `sessions` of them."""

    assets: list
    dates: list
    sessions: int
    adjust: bool

    @property
    def warm(self):
        return len(self.dates) - self.sessions


def weekdays(count, first=date(2000, 1, 3)):
    """So many weekdays; the first is a Monday."""
    return [(first + timedelta(days=number // 5 * 7 + number % 5)).isoformat() for number in range(count)]


def steady(draws, count):
    """Returns without memory and with fat tails."""
    return [_held(DEVIATION * draws.fat()) for _ in range(count)]


def garch(draws, count, push=None):
    """Returns whose variance has a memory. `push(t)` is the mean of session t in deviations of that session."""
    usual = DEVIATION**2
    variance, returns = usual, []
    for t in range(count):
        deviation = math.sqrt(variance)
        shock = _held(deviation * draws.fat())
        returns.append(_held(shock + (deviation * push(t) if push else 0.0)))
        variance = (1 - REACTION - MEMORY) * usual + REACTION * shock * shock + MEMORY * variance
    return returns


def _held(move):
    return max(-LARGEST_MOVE, min(LARGEST_MOVE, move))


def made(folder, returns, sessions, joins=None):
    """Writes made prices: returns of each asset by name, the first session at which it has a price in `joins`. It opens where it closed."""
    count = len(next(iter(returns.values())))
    dates = weekdays(count)
    for asset, moves in returns.items():
        price, rows = 100.0, []
        for t in range((joins or {}).get(asset, 0), count):
            close = price * (1 + moves[t])
            rows.append((dates[t], price, close))
            price = close
        _write(folder, asset, rows)
    return Market(list(returns), dates, sessions, adjust=False)


def _write(folder, asset, rows):
    place = folder / "prices"
    place.mkdir(exist_ok=True)
    with open(place / f"{asset}.csv", "w", newline="") as file:
        file.write("Date,Open,Close\n")
        file.writelines(f"{day},{first!r},{last!r}\n" for day, first, last in rows)


class Real:
    """A folder of real prices in Yahoo's layout: that of funds where it is, else the one that ships."""

    def __init__(self, folder):
        self.folder = Path(folder).resolve()
        self.tickers = sorted(path.stem for path in self.folder.glob("*.csv"))
        if not self.tickers:
            raise Failure(f"{self.folder} has no price files (TICKER.csv)")

    def mark(self):
        """A short hash of all prices, by which results on others are told apart."""
        digest = hashlib.sha256()
        for ticker in self.tickers:
            digest.update(ticker.encode() + b"\0" + hashlib.sha256((self.folder / f"{ticker}.csv").read_bytes()).digest())
        return digest.hexdigest()[:12]

    def window(self, draws, sessions, warm, assets=None, among=None):
        """Some assets (all of the long ones without a number), the dates all have, and how many of these are judged.

        Where too few assets are long enough, those with most sessions are taken, and as many sessions as they have.
        """
        pool = [ticker for ticker in self.tickers if ticker in (among or self.tickers)] or self.tickers
        chosen = [ticker for ticker in pool if len(_rows(self.folder, ticker)) >= warm + sessions]
        wanted = assets or (len(among) if among else 2)
        if len(chosen) < wanted:
            chosen = sorted(sorted(pool, key=lambda ticker: -len(_rows(self.folder, ticker)))[:wanted])
        if assets:
            chosen = draws.sample(chosen, assets)
        dates = sorted(set.intersection(*(set(_rows(self.folder, ticker)) for ticker in chosen)))
        count = min(len(dates), warm + sessions)
        first = draws.below(len(dates) - count + 1)
        return chosen, dates[first : first + count], count - warm

    def market(self, draws, folder, sessions, warm, assets=None, among=None):
        """Real prices as they are, from a random date on."""
        chosen, dates, sessions = self.window(draws, sessions, warm, assets, among)
        place = folder / "prices"
        place.mkdir(exist_ok=True)
        for ticker in chosen:
            (place / f"{ticker}.csv").symlink_to(self.folder / f"{ticker}.csv")
        return Market(chosen, dates, sessions, adjust=True)

    def shuffled(self, draws, folder, sessions, warm, assets):
        """The same days in a random order, for all assets alike: no day tells of the next one."""
        chosen, dates, sessions = self.window(draws, sessions, warm, assets)
        order = draws.shuffled(range(1, len(dates)))
        for ticker in chosen:
            bars = [_rows(self.folder, ticker)[day] for day in dates]
            close = bars[0][1]
            rows = [(dates[0], *bars[0])]
            for place, day in enumerate(order, 1):
                before = bars[day - 1][1]
                first, close = close * (bars[day][0] / before), close * (bars[day][1] / before)
                rows.append((dates[place], first, close))
            _write(folder, ticker, rows)
        return Market(chosen, dates, sessions, adjust=False)


@cache
def _rows(folder, ticker):
    """Adjusted open and close by date."""
    rows = {}
    with open(folder / f"{ticker}.csv", newline="") as file:
        for row in csv.DictReader(file):
            try:
                first, last, adjusted = float(row["Open"]), float(row["Close"]), float(row["Adj Close"])
            except ValueError:
                continue
            rows[row["Date"]] = (adjusted / last * first, adjusted)
    return rows
