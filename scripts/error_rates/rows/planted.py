"""Edges that are there: how often they are found."""

import math
from functools import partial

from .. import markets, sweeps
from .reacting import LOOK_BACKS
from .row import Row

YEAR = 252
WARM = 20
# The first trial knows all; of the others that know something, so much is drawn anew.
SKILLED = (0.0, 0.1, 0.2, 0.3, 0.4)
RUN = 20


def timing(case, ratio, sessions, short):
    """A hidden state of runs of 20 sessions shifts the mean; five of fifty rules know it, four of them not always."""
    count = WARM + sessions
    hidden = case.draws.states(count, RUN)
    # Long or cash gains half as much over holding half, and moves half as much: its ratio is the same.
    push = ratio / math.sqrt(YEAR)
    returns = markets.garch(case.draws, count, lambda t: push * (2 * hidden[t - 1] - 1) if t else 0.0)
    market = markets.made(case.folder, {markets.NAMES[0]: returns}, sessions)
    series = {}
    for place, name in enumerate(sweeps.COLUMNS):
        other = case.draws.states(count, RUN)
        lost = SKILLED[place] if place < len(SKILLED) else 1.0
        series[name] = other if lost == 1.0 else blend(case.draws, hidden, other, lost)
    columns = sweeps.numbers(case.folder, market.dates, series)
    weights = [f"2 * {name} - 1" if short else name for name in sweeps.COLUMNS]
    case.judge("sweep", market, weights[0], {"alpha.weights": weights}, columns=columns, schedule="on_change", short=short)


def blend(draws, hidden, other, lost):
    """The hidden state, but run by run, with a probability of `lost`, the other one."""
    mixed, known = [], True
    for t, state in enumerate(hidden):
        if t == 0 or state != hidden[t - 1]:
            known = not draws.chance(lost)
        mixed.append(state if known else other[t])
    return mixed


def selection(case, correlation):
    """Scores of twenty assets that tell of their own returns of the week to come; the best five are held."""
    sessions, assets = 2520, markets.NAMES[:20]
    count = WARM + sessions
    common = markets.garch(case.draws, count)
    own = {asset: [markets.DEVIATION * case.draws.fat() for _ in range(count)] for asset in assets}
    returns = {asset: [0.6 * shared + 0.8 * alone for shared, alone in zip(common, own[asset], strict=True)] for asset in assets}
    market = markets.made(case.folder, returns, sessions)
    # The first day is a Monday, so these are Wednesdays, at whose close it decides.
    decided = range(2, count - 5, 5)

    def score(place, asset):
        ahead = own[asset][decided[place] + 1 : decided[place] + 6]
        truth, shared = sum(ahead) / (markets.DEVIATION * math.sqrt(5)), case.draws.normal()
        noise = [0.8 * shared + 0.6 * case.draws.normal() if trial < len(SKILLED) else case.draws.normal() for trial in range(50)]
        knows = math.sqrt(1 - correlation**2)
        return [correlation * truth + knows * value if trial < len(SKILLED) else value for trial, value in enumerate(noise)]

    columns = sweeps.scores(case.folder, [market.dates[place] for place in decided], assets, score)
    weights = [f"top({name}, 5)" for name in sweeps.COLUMNS]
    case.judge("sweep", market, weights[0], {"alpha.weights": weights}, columns=columns, schedule="weekly")


def reversal(case, coefficient):
    """Each day gives back a part of the one before; contrarian rules of all look-backs look for it."""
    count = LOOK_BACKS[-1] + WARM + 2520
    last, returns = 0.0, []
    for _ in range(count):
        last = markets.DEVIATION * case.draws.fat() - coefficient * last
        returns.append(last)
    market = markets.made(case.folder, {markets.NAMES[0]: returns}, 2520)
    axes = {"n": LOOK_BACKS, "below": [0.0, -1.0]}
    case.judge("sweep", market, "if(returns(n) < 0, 1, below)", axes, parameters={"n": 20, "below": 0.0}, short=True)


def _timing(ratio, sessions, short=True):
    name = f"timing-{'short' if short else 'cash'}-{ratio}-{sessions}"
    text = f"long or {'short' if short else 'cash'}, 5 of 50 rules know a hidden state, ratio {ratio}"
    return Row(name, text, 60, partial(timing, ratio=ratio, sessions=sessions, short=short))


ROWS = (
    _timing(0.5, 2520),
    _timing(1.0, 2520),
    _timing(1.5, 2520),
    _timing(2.0, 2520),
    _timing(1.0, 1000),
    _timing(2.0, 1000),
    _timing(1.5, 2520, short=False),
    Row(
        "selection-0.04",
        "5 of 20 assets weekly, 5 of 50 scores that correlate 0.04 with their week",
        60,
        partial(selection, correlation=0.04),
    ),
    Row("reversal-0.12", "a day gives back 12 % of the one before, contrarian rules", 60, partial(reversal, coefficient=0.12)),
)
