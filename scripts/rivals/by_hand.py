"""An account kept by hand, with the rule of an engine for the size of an order as a part that can be exchanged."""

import math

import numpy as np
import pandas as pd


class Account:
    """Cash and shares."""

    def __init__(self, cash, assets, fee):
        self.cash, self.fee, self.held = cash, fee, np.zeros(assets)

    def worth(self, price):
        """The equity at prices, of which those of assets that are not held may be missing."""
        return self.cash + sum(self.held[i] * price[i] for i in np.flatnonzero(self.held))

    def fill(self, trades, price):
        """Places and quantities, filled in this order."""
        for place, quantity in trades:
            self.held[place] += quantity
            self.cash -= quantity * price[place] + abs(quantity) * price[place] * self.fee


def simulate(close, weights, fee, cash, orders, delay=0):
    """The equity at each session, and with a delay of 0 the shares after each decision.

    `weights` has a row for each decision. `orders(equity, cash, held, price, weight, fee)` gives places and quantities in the
    order of their fills, which happen at the close `delay` sessions later."""
    account, rows = Account(cash, close.shape[1], fee), dict(zip(weights.index, weights.to_numpy(), strict=True))
    equity, held, waiting = [], [], {}
    for number, (date, price) in enumerate(zip(close.index, close.to_numpy(), strict=True)):
        account.fill(waiting.pop(number, ()), price)
        if date in rows:
            worth = account.worth(price)
            waiting[number + delay] = list(orders(worth, account.cash, account.held, price, rows[date], fee))
            account.fill(waiting.pop(number, ()), price)
            held.append(account.held.copy())
        equity.append(account.worth(price))
    return pd.Series(equity, close.index), pd.DataFrame(held, weights.index, weights.columns)


def equity(*arguments):
    """The first of what `simulate` gives."""
    return simulate(*arguments)[0]


def differences(equity, held, price, weight):
    """Place, value to trade and value to hold of each asset that is held or wanted; sales first."""
    wanted = [(i, equity * w) for i, w in enumerate(np.nan_to_num(weight)) if w != 0 or held[i] != 0]
    trades = [(i, value - held[i] * price[i], value) for i, value in wanted]
    return sorted(trades, key=lambda trade: trade[1] > 0)


def orders_here(equity, cash, held, price, weight, fee):
    """This program: the fee of the difference is taken off the value to hold."""
    for i, trade, value in differences(equity, held, price, weight):
        yield i, (value - fee * abs(trade)) / price[i] - held[i] if value else -held[i]


def whole_orders_here(equity, cash, held, price, weight, fee):
    """This program with whole shares: the shares to hold are rounded down, to 0 where the fee is more than the value."""
    for i, trade, value in differences(equity, held, price, weight):
        yield i, math.floor(max(value - fee * abs(trade), 0.0) / price[i]) - held[i]


def orders_of_bt(equity, cash, held, price, weight, fee):
    """bt: what a trade moves in cash, its fee included, is the difference exactly."""
    for i, trade, value in differences(equity, held, price, weight):
        yield i, trade / (price[i] * (1 + math.copysign(fee, trade))) if value else -held[i]


def orders_of_vectorbt(equity, cash, held, price, weight, fee):
    """vectorbt: the value to hold is the target whatever the fee. Sales, then buys from the smallest on, each cut to the cash there is."""
    for i, trade, value in sorted(differences(equity, held, price, weight), key=lambda trade: trade[1]):
        quantity = trade / price[i] if value else -held[i]
        quantity = min(quantity, cash / (1 + fee) / price[i])
        cash -= quantity * price[i] + abs(quantity) * price[i] * fee
        yield i, quantity


def orders_of_zipline(equity, cash, held, price, weight, fee):
    """zipline: the order is cut to whole shares toward 0, but to the nearest one within 0.0001 of it; no fee is thought of."""
    for i, _, value in differences(equity, held, price, weight):
        quantity = value / price[i] - held[i]
        yield i, round(quantity) if abs(quantity - round(quantity)) <= 1e-4 else math.trunc(quantity)


def next_open(opens, close, wanted, fee, cash, shares_at_the_fill, buffer=0.0):
    """Equity of one asset, all in or all out, whole shares, filled at the next open. `wanted` has a truth for each decision. The shares
    of a buy are counted at the open that fills it, or at the close that decides."""
    held, equity, order = 0, [], None
    for date, at_open, at_close in zip(close.index, opens, close, strict=True):
        if order is not None:
            if callable(order):
                order = order(at_open)
            held += order
            cash -= order * at_open + abs(order) * at_open * fee
            order = None
        if date in wanted.index and bool(wanted[date]) != (held > 0):
            worth = cash + held * at_close
            if held:
                order = -held
            elif shares_at_the_fill:
                order = lambda price, money=cash: int(money // (price * (1 + fee)))
            else:
                value = worth * (1 - buffer)
                order = math.floor((value - fee * value) / at_close)
        equity.append(cash + held * at_close)
    return pd.Series(equity, close.index)
