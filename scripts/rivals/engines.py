"""The same decisions in each engine. Every function gives the equity at each session."""

import json
import pathlib
import subprocess

import backtesting
import bt
import numpy as np
import pandas as pd
import vectorbt

VERSIONS = {"bt": bt.__version__, "vectorbt": vectorbt.__version__, "backtesting.py": backtesting.__version__}

STRATEGY = """
name = "rivals"
conventions = "sound"
[universe]
assets = [{assets}]
[alpha]
weights = '{weights}'
[rebalance]
{rebalance}
[portfolio]
initial_cash = {cash!r}
shares = "{shares}"
long_only = {{ cash_buffer = {buffer} }}
[costs]
commission = {fee}
[period]
start = {start}
end = {end}
[data]
prices = "{prices}"
adjust = {adjust}
"""


def here(program, work, **keys):
    """This program, by its command. The first point of its curve is the initial cash, which is left out."""
    keys["assets"] = ", ".join(f'"{name}"' for name in keys["assets"])
    file, result = pathlib.Path(work, "strategy.toml"), pathlib.Path(work, "result.json")
    file.write_text(STRATEGY.format(**keys))
    subprocess.run([program, "run", file, "--output", result, "--quiet"], check=True, stdout=subprocess.DEVNULL)
    curve = json.loads(result.read_text())["strategy"]["equity_curve"]
    assert curve[0][1] == keys["cash"], curve[0]
    days, equity = zip(*curve[1:], strict=True)
    return pd.Series(equity, pd.to_datetime(days, unit="ms").normalize())


class Orders(bt.Algo):
    """Trades the quantities that a rule gives, in place of bt's own `Rebalance`."""

    def __init__(self, weights, fee, rule):
        super().__init__()
        self.weights, self.fee, self.rule = weights, fee, rule

    def __call__(self, target):
        names = list(self.weights.columns)
        held = np.array([target[n].position if n in target.children else 0.0 for n in names])
        price = target.universe.loc[target.now, names].to_numpy()
        trades = self.rule(target.value, target.capital, held, price, self.weights.loc[target.now].to_numpy(), self.fee)
        for place, quantity in list(trades):
            target.transact(quantity, child=names[place])
        return True


def of_bt(close, algos, fee, cash):
    """bt with fractional shares. It puts a row before the first session, which is left out."""
    test = bt.Backtest(
        bt.Strategy("rivals", algos),
        close,
        initial_capital=cash,
        commissions=lambda quantity, price: abs(quantity) * price * fee,
        integer_positions=False,
        progress_bar=False,
    )
    test.run()
    return test.strategy.values.iloc[1:]


def of_vectorbt(close, size, size_type, fee, cash):
    """vectorbt: one account for all columns, sales first; a row of `size` for each decision."""
    account = vectorbt.Portfolio.from_orders(
        close,
        size=size.reindex(close.index),
        size_type=size_type,
        fees=fee,
        init_cash=cash,
        cash_sharing=True,
        group_by=True,
        call_seq="auto",
        freq="1D",
    )
    return account.value()


def of_backtesting(opens, close, decide, fee, cash):
    """backtesting.py on one asset. `decide(strategy, date)` gives its orders."""

    class Rivals(backtesting.Strategy):
        def init(self):
            pass

        def next(self):
            decide(self, self.data.index[-1])

    bars = pd.DataFrame({"Open": opens, "High": np.maximum(opens, close), "Low": np.minimum(opens, close), "Close": close})
    result = backtesting.Backtest(bars, Rivals, cash=cash, commission=fee).run()
    return result._equity_curve["Equity"]


def of_zipline(python, work, prices, weights, fee, cash, whole_target):
    """zipline, in the environment that its packages need."""
    folder = pathlib.Path(work, "zipline")
    folder.mkdir(exist_ok=True)
    weights.to_csv(folder / "weights.csv")
    script = pathlib.Path(__file__).with_name("zipline_account.py")
    command = [
        python,
        "-W",
        "ignore",
        script,
        prices,
        folder,
        str(fee),
        str(cash),
        "whole_target" if whole_target else "native",
    ]
    version = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip().splitlines()[-1]
    VERSIONS["zipline-reloaded"] = version
    return pd.read_csv(folder / "equity.csv", index_col=0, parse_dates=True).iloc[:, 0]
