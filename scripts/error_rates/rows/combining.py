"""A second sweep made of the winners of a first one that had no skill."""

import csv
from functools import partial

from .. import markets, sweeps
from .knowing_nothing import WARM, fifty_states
from .row import Row

FIRST, SECOND = "first", "second"
COUNTS = (2, 3, 5, 10, 20)


def combine(case, mix, short=False):
    """`mix` gives the formula of the second sweep for the names of the best and the worst columns, so many of each."""
    sessions = 1000
    returns = markets.garch(case.draws, WARM + sessions)
    market = markets.made(case.folder, {markets.NAMES[0]: returns}, sessions)
    columns = fifty_states(case, market, run=20)
    answer = case.judge(
        FIRST, market, sweeps.COLUMNS[0], {"alpha.weights": sweeps.COLUMNS}, columns=columns, schedule="on_change"
    )
    order = ranked(answer["folder"])
    weights = [mix(order[:count], order[::-1][:count]) for count in COUNTS]
    case.judge(SECOND, market, weights[0], {"alpha.weights": weights}, columns=columns, schedule="on_change", short=short)


def ranked(folder):
    """The columns of the first sweep, that of the highest Sharpe ratio first."""
    with open(folder / "aggregate" / "points.csv", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["sharpe"]]
    return [row["alpha.weights"] for row in sorted(rows, key=lambda row: -float(row["sharpe"]))]


def mean(names):
    return f"({' + '.join(names)}) / {len(names)}"


def means(best, _):
    return mean(best)


def reversed_losers(best, worst):
    return mean([*best, *(f"(1 - {name})" for name in worst)])


def spread(best, worst):
    return f"{mean(best)} - {mean(worst)}"


ROWS = (
    Row("combine-means", "the mean of the best 2, 3, 5, 10 and 20 rules", 50, partial(combine, mix=means), judged=SECOND),
    Row("combine-reversed", "the same with as many losers reversed", 50, partial(combine, mix=reversed_losers), judged=SECOND),
    Row("combine-spread", "the best less the worst, long or short", 50, partial(combine, mix=spread, short=True), judged=SECOND),
)
