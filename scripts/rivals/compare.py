"""Equity at every session beside other engines: PROGRAM PRICES FOLDER PYTHON_OF_ZIPLINE. Fails where a difference is not explained.

A difference is explained when an account kept by hand gives their equity with their rule, and this program's with its own."""

import pathlib
import sys
import textwrap

import bt
import numpy as np
import pandas as pd

import by_hand
import engines

TOLERANCE = 1e-9
CASH = 1_000_000.0
FEE = 0.001
BUFFER = 0.05
FUNDS = ["SPY", "QQQ", "TLT", "GLD", "AGG", "XLE", "XLF", "XLK", "XLU", "XLV"]
LATE = ["SPY", "QQQ", "TLT", "GLD", "AGG", "XLC", "XLE", "XLK", "XLRE", "XLV"]
LOOKBACK, CHOSEN = 126, 3
FAST, SLOW = 20, 50


class Table:
    """Prints a row a comparison, and knows whether all differences are explained."""

    FORM = "{:<23} {:<64} {:>8} {:>10} {:>9} {:>9}  {}"

    def __init__(self):
        self.explained = True
        self.rules = {}
        print(self.FORM.format("engine", "case", "sessions", "difference", "theirs by", "ours by", "rule"))
        print(self.FORM.format("", "", "", "", "hand", "hand", ""))

    def row(self, engine, case, theirs, ours, rule=None, theirs_by_hand=None, ours_by_hand=None):
        """`rule` and the two accounts kept by hand are looked at only where the two differ."""
        found = difference(theirs, ours)
        hands, mark = ["", ""], ""
        if not found <= TOLERANCE:
            mark = "NOT EXPLAINED"
            if rule is not None:
                pair = difference(theirs, theirs_by_hand), difference(ours, ours_by_hand)
                hands = [f"{value:.1e}" for value in pair]
                if all(value <= TOLERANCE for value in pair):
                    mark = f"rule {self.rules.setdefault(rule, len(self.rules) + 1)}"
            self.explained &= mark != "NOT EXPLAINED"
        name = f"{engine} {engines.VERSIONS[engine]}"
        print(self.FORM.format(name, case, len(ours), f"{found:.1e}", *hands, mark).rstrip(), flush=True)

    def end(self):
        for rule, number in self.rules.items():
            print(textwrap.fill(f"rule {number}: {rule}.", 130, subsequent_indent="    "))
        if not self.explained:
            sys.exit("a difference above 1e-9 is not explained")


def difference(first, second):
    """The largest relative difference of two curves, which must have the same days; NaN, which no tolerance allows, if one has it."""
    assert list(first.index) == list(second.index), (first.index[[0, -1]], len(first), second.index[[0, -1]], len(second))
    return float(np.max(np.abs(first.to_numpy() / second.to_numpy() - 1)))


def charged(fee):
    return f", fee {fee:.1%}" if fee else ", no fee"


def prices(folder, names, start, end):
    """Adjusted opens and closes, a row a session."""
    files = {name: pd.read_csv(pathlib.Path(folder, f"{name}.csv"), index_col=0, parse_dates=True) for name in names}
    close = pd.DataFrame({name: file["Adj Close"] for name, file in files.items()})
    opens = pd.DataFrame({name: file["Adj Close"] / file["Close"] * file["Open"] for name, file in files.items()})
    return opens.loc[start:end], close.loc[start:end]


def ends(days, period):
    """The last session of each month or week ("M", "W"), of the last one only if no weekday of it is left."""
    following = days.append(pd.DatetimeIndex([days[-1] + pd.offsets.BDay()]))
    number = following.to_period(period)
    return days[number[:-1] != number[1:]]


def equal(close, days):
    """Equal weights of the funds that have a price."""
    there = close.loc[days].notna()
    return there.div(there.sum(axis=1), axis=0)


def momentum(close, days):
    """Equal weights of the funds that rose most over the last sessions."""
    rank = (close / close.shift(LOOKBACK) - 1).loc[days].rank(axis=1, ascending=False)
    return (rank <= CHOSEN) / CHOSEN


class Portfolios:
    """Equal weights and momentum of ten funds, filled at the close that decides, with fractional shares: bt and vectorbt."""

    OF_BT = (
        "bt counts shares so that the cash a trade moves is the difference of the values, its fee included (difference / (1 + fee) for"
        " a buy, / (1 - fee) for a sale); here the fee of that difference is taken off the value to hold"
    )
    OF_VECTORBT = (
        "vectorbt buys the target value whatever the fee, smallest order first, and cuts the last buys to the cash that is left, which"
        " never falls below 0; here the fee of each difference is taken off the value to hold, and the fee of a position sold whole is"
        " paid from cash, be it there or not"
    )
    LAST_DATE = "bt's RunMonthly and RunWeekly leave out the last date of the data unless run_on_last_date=True"
    MONTHLY = 'schedule = "monthly"\nfill = "same_close"'
    WEEKLY = 'schedule = "weekly"\nweekday = "FRI"\nfill = "same_close"'
    ONCE = 'schedule = "buy_and_hold"\nfill = "same_close"'

    def __init__(self, table, program, folder, work):
        self.table, self.program, self.folder, self.work = table, program, folder, work

    def compare(self, case, names, period, formula, rebalance, fee):
        """One case in both engines."""
        close = prices(self.folder, names, *period)[1]
        decisions = {self.MONTHLY: ends(close.index, "M"), self.WEEKLY: ends(close.index, "W"), self.ONCE: close.index[:1]}
        days = decisions[rebalance]
        weights = (momentum if "momentum" in formula else equal)(close, days)
        ours = self.ours(names, close, formula, rebalance, fee)
        ours_by_hand = by_hand.equity(close, weights, fee, CASH, by_hand.orders_here)
        case += charged(fee)

        algos = self.algos_of_bt(weights, rebalance, formula)
        theirs = engines.of_bt(close, [*algos, bt.algos.Rebalance()], fee, CASH)
        hand = by_hand.equity(close, weights, fee, CASH, by_hand.orders_of_bt)
        self.table.row("bt", case, theirs, ours, self.OF_BT, hand, ours_by_hand)
        if fee:
            theirs = engines.of_bt(close, [*algos, engines.Orders(weights, fee, by_hand.orders_here)], fee, CASH)
            self.table.row("bt", case + ", shares as here", theirs, ours)

        theirs = engines.of_vectorbt(close, weights, "targetpercent", fee, CASH)
        hand = by_hand.equity(close, weights, fee, CASH, by_hand.orders_of_vectorbt)
        self.table.row("vectorbt", case, theirs, ours, self.OF_VECTORBT, hand, ours_by_hand)
        if fee:
            # With some cash left no buy is cut.
            _, held = by_hand.simulate(close, weights * (1 - BUFFER), fee, CASH, by_hand.orders_here)
            theirs = engines.of_vectorbt(close, held, "targetamount", fee, CASH)
            ours = self.ours(names, close, formula, rebalance, fee, BUFFER)
            self.table.row("vectorbt", case + f", shares as here, {BUFFER:.0%} cash", theirs, ours)

    def algos_of_bt(self, weights, rebalance, formula):
        """What a user of bt writes for these decisions."""
        run = {
            self.MONTHLY: bt.algos.RunMonthly(run_on_first_date=False, run_on_end_of_period=True),
            self.WEEKLY: bt.algos.RunWeekly(run_on_first_date=False, run_on_end_of_period=True),
            self.ONCE: bt.algos.RunOnce(),
        }[rebalance]
        if "momentum" in formula:
            return [run, bt.algos.WeighTarget(weights)]
        return [run, bt.algos.SelectAll(), bt.algos.WeighEqually()]

    def ours(self, names, close, formula, rebalance, fee, buffer=0.0):
        start, end = close.index[0].date(), close.index[-1].date()
        keys = {"assets": names, "weights": formula, "rebalance": rebalance, "fee": fee, "start": start, "end": end}
        always = {"cash": CASH, "buffer": buffer, "shares": "fractional", "prices": self.folder, "adjust": "true"}
        return engines.here(self.program, self.work, **keys, **always)

    def last_date(self):
        """A period that ends with a month: bt decides there only when told to."""
        close = prices(self.folder, FUNDS, "2020-01-02", "2024-08-30")[1]
        ours = self.ours(FUNDS, close, "1 / count()", self.MONTHLY, FEE)
        days = ends(close.index, "M")
        rest = [bt.algos.SelectAll(), bt.algos.WeighEqually()]
        here = by_hand.equity(close, equal(close, days), FEE, CASH, by_hand.orders_here)
        for told in False, True:
            run = bt.algos.RunMonthly(run_on_first_date=False, run_on_end_of_period=True, run_on_last_date=told)
            # The rule for shares is taken out, so that this one is seen alone.
            orders = engines.Orders(equal(close, days), FEE, by_hand.orders_here)
            theirs = engines.of_bt(close, [run, *rest, orders], FEE, CASH)
            hand = by_hand.equity(close, equal(close, days if told else days[:-1]), FEE, CASH, by_hand.orders_here)
            case = f"last date is a month's end, run_on_last_date={told}"
            self.table.row("bt", case, theirs, ours, self.LAST_DATE, hand, here)

    def all(self):
        long, late = ("2005-01-03", "2024-09-12"), ("2014-01-02", "2024-09-12")
        best = f"top(momentum({LOOKBACK}), {CHOSEN})"
        for fee in 0.0, FEE:
            self.compare("equal weight, monthly", FUNDS, long, "1 / count()", self.MONTHLY, fee)
            self.compare("momentum, monthly", FUNDS, long, best, self.MONTHLY, fee)
            self.compare("equal weight, weekly", FUNDS, long, "1 / count()", self.WEEKLY, fee)
            self.compare("buy and hold", FUNDS, long, "1 / count()", self.ONCE, fee)
            self.compare("equal weight, two join late", LATE, late, "1 / count()", self.MONTHLY, fee)
            self.compare("momentum, two join late", LATE, late, best, self.MONTHLY, fee)
        self.last_date()


class OneFund:
    """A crossover decided weekly and a purchase held, filled at the next open, whole shares: backtesting.py."""

    RULE = (
        "backtesting.py counts the shares of a buy without a size at the open that fills it, with all cash; here they are counted at the"
        " close that decides, and the buffer or borrowed cash takes the gap to the open"
    )
    HOLD = (
        "backtesting.py buys cash / (open * (1 + fee)) shares, here it is (cash - cash * fee) / open; both are rounded down, and one more"
        " may fit"
    )
    CROSSOVER = 'schedule = "weekly"\nweekday = "FRI"\ntrade = "changed"'

    def __init__(self, table, program, folder, work):
        self.table, self.program, self.work, self.folder = table, program, work, folder
        opens, close = prices(folder, ["SPY"], "2005-01-03", "2024-09-12")
        self.opens, self.close = opens["SPY"], close["SPY"]

    def ours(self, start, formula, rebalance, fee, buffer):
        keys = {"assets": ["SPY"], "weights": formula, "rebalance": rebalance, "fee": fee, "buffer": buffer}
        period = {"start": start.date(), "end": self.close.index[-1].date()}
        always = {"cash": CASH, "shares": "whole", "prices": self.folder, "adjust": "true"}
        return engines.here(self.program, self.work, **keys, **period, **always)

    def crossover(self, fee, buffer, sized):
        """`sized`: their strategy gives the number of shares, counted at the close that decides."""
        opens, close = self.opens, self.close
        above = close.rolling(FAST).mean() > close.rolling(SLOW).mean()
        wanted = above[ends(close.index, "W")]

        def decide(strategy, day):
            if day not in wanted.index or wanted[day] == bool(strategy.position):
                return
            if strategy.position:
                strategy.position.close()
            elif sized:
                value = strategy.equity * (1 - buffer)
                strategy.buy(size=int((value - fee * value) // close[day]))
            else:
                strategy.buy()

        theirs = engines.of_backtesting(opens, close, decide, fee, CASH)
        ours = self.ours(close.index[0], f"equal(sma({FAST}) > sma({SLOW}))", self.CROSSOVER, fee, buffer)
        case = "weekly crossover of SPY" + charged(fee) + (", shares as here" if sized else "")
        hands = (by_hand.next_open(opens, close, wanted, fee, CASH, at_fill, buffer) for at_fill in (not sized, False))
        self.table.row("backtesting.py", case, theirs, ours, self.RULE, *hands)

    def hold(self, fee):
        """Their strategies see the second bar first, so the first open that can fill is the third's."""
        opens, close = self.opens, self.close
        theirs = engines.of_backtesting(opens, close, lambda strategy, _: strategy.position or strategy.buy(), fee, CASH)
        ours = self.ours(close.index[2], "1", 'schedule = "buy_and_hold"', fee, 0.0)
        wanted = pd.Series([True], close.index[1:2])
        hand = by_hand.next_open(opens, close, wanted, fee, CASH, True)
        shares = int((CASH - fee * CASH) // opens.iloc[2])
        here = CASH - shares * opens.iloc[2] * (1 + fee) + shares * close.iloc[2:]
        self.table.row(
            "backtesting.py", "buy and hold SPY" + charged(fee), theirs.iloc[2:], ours, self.HOLD, hand.iloc[2:], here
        )

    def all(self):
        for fee in 0.0, FEE:
            self.crossover(fee, 0.0, False)
            self.crossover(fee, BUFFER, True)
            self.hold(fee)


class Zipline:
    """Ten funds, monthly, whole shares, filled at the next close, at prices of three decimals, which is all that zipline stores."""

    RULE = (
        "zipline cuts the order to whole shares toward 0 and thinks of no fee; here the position is rounded down, after the fee of the"
        " difference"
    )
    MONTHLY = 'schedule = "monthly"\nfill = "next_close"'

    def __init__(self, table, program, folder, work, python):
        self.table, self.program, self.work, self.python = table, program, work, python
        self.rounded = pathlib.Path(work, "rounded")
        opens, close = (frame.round(3) for frame in prices(folder, FUNDS, "2015-01-02", "2024-09-12"))
        self.close = close
        (self.rounded / "daily").mkdir(parents=True)
        for name in FUNDS:
            bars = {"open": opens[name], "high": close[name], "low": close[name], "close": close[name]}
            frame = pd.DataFrame({**bars, "volume": 1_000_000, "dividend": 0.0, "split": 1.0})
            frame.rename_axis("date").to_csv(self.rounded / "daily" / f"{name}.csv")

    def compare(self, case, formula, fee):
        close = self.close
        weights = (momentum if "momentum" in formula else equal)(close, ends(close.index, "M"))
        period = {"start": close.index[0].date(), "end": close.index[-1].date()}
        keys = {"assets": FUNDS, "weights": formula, "rebalance": self.MONTHLY, "fee": fee, "shares": "whole", "buffer": 0.0}
        folder = {"prices": self.rounded / "daily", "adjust": "false"}
        ours = engines.here(self.program, self.work, cash=CASH, **keys, **folder, **period)
        hand = {
            rule: by_hand.equity(close, weights, fee, CASH, rule, 1)
            for rule in (by_hand.orders_of_zipline, by_hand.whole_orders_here)
        }
        for whole_target in False, True:
            theirs = engines.of_zipline(self.python, self.work, self.rounded, weights, fee, CASH, whole_target)
            name = case + charged(fee) + (", shares as here" if whole_target else "")
            rule = by_hand.whole_orders_here if whole_target else by_hand.orders_of_zipline
            self.table.row("zipline-reloaded", name, theirs, ours, self.RULE, hand[rule], hand[by_hand.whole_orders_here])

    def all(self):
        for fee in 0.0, FEE:
            self.compare("equal weight, monthly", "1 / count()", fee)
            self.compare("momentum, monthly", f"top(momentum({LOOKBACK}), {CHOSEN})", fee)


def main():
    program, folder, work, python = sys.argv[1:]
    program, folder = pathlib.Path(program).resolve(), pathlib.Path(folder).resolve()
    table = Table()
    Portfolios(table, program, folder, work).all()
    OneFund(table, program, folder, work).all()
    Zipline(table, program, folder, work, python).all()
    table.end()


main()
