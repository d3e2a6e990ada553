"""Rules that look at random numbers alone: their weights know nothing of any return."""

from functools import partial
from itertools import pairwise

from .. import markets, sweeps
from .row import Row

SECTORS = ("XLB", "XLE", "XLF", "XLI", "XLK", "XLP", "XLU", "XLV", "XLY")
# Price files need a few sessions before the curve begins.
WARM = 20


def fifty_states(case, market, run):
    """Fifty columns of 0 and 1 that each change after `run` sessions on average."""
    series = {name: case.draws.states(len(market.dates), run) for name in sweeps.COLUMNS}
    return sweeps.numbers(case.folder, market.dates, series)


def long_or_cash(case, run):
    market = case.real.market(case.draws, case.folder, 5000, WARM, assets=1)
    columns = fifty_states(case, market, run)
    case.judge("sweep", market, sweeps.COLUMNS[0], {"alpha.weights": sweeps.COLUMNS}, columns=columns, schedule="on_change")


def top_at_random(case, market, days, count, schedule):
    """Holds the assets with the highest of numbers drawn anew at each of these days."""
    columns = sweeps.scores(case.folder, days, market.assets, lambda place, asset: [case.draws.uniform() for _ in sweeps.COLUMNS])
    weights = [f"top({name}, {count})" for name in sweeps.COLUMNS]
    case.judge("sweep", market, weights[0], {"alpha.weights": weights}, columns=columns, schedule=schedule)


def rotation(case):
    market = case.real.market(case.draws, case.folder, 5000, WARM, among=SECTORS)
    last_of_months = [day for day, after in pairwise(market.dates) if day[:7] != after[:7]]
    top_at_random(case, market, last_of_months, max(1, len(market.assets) // 3), "end_of_month")


def late_joiners(case):
    """Ten made assets of one market, each with a drift of its own; five begin during the first 60 % of the sample."""
    sessions = 1250
    count = WARM + sessions
    common = markets.garch(case.draws, count)
    returns, joins = {}, {}
    for place, name in enumerate(markets.NAMES[:10]):
        drift = 0.03 * case.draws.normal()
        own = markets.garch(case.draws, count, lambda t, drift=drift: drift)
        returns[name] = [0.6 * shared + 0.8 * alone for shared, alone in zip(common, own, strict=True)]
        joins[name] = WARM + case.draws.below(sessions * 6 // 10) if place % 2 else 0
    market = markets.made(case.folder, returns, sessions, joins)
    top_at_random(case, market, market.dates[2::5], 3, "weekly")


def unrelated_walk(case):
    """Averages of a random walk that has nothing to do with the asset held."""
    fast, slow = [1, 3, 7, 15, 31], [40, 50, 65, 80, 100, 125, 155, 190, 240]
    market = case.real.market(case.draws, case.folder, 2520, slow[-1] + WARM, assets=1)
    level, walk = 100.0, []
    for move in markets.steady(case.draws, len(market.dates)):
        level *= 1 + move
        walk.append(repr(level))
    columns = sweeps.numbers(case.folder, market.dates, {"other": walk})
    parameters = {"fast": fast[0], "slow": slow[0]}
    case.judge(
        "sweep",
        market,
        "sma(other, fast) > sma(other, slow)",
        {"fast": fast, "slow": slow},
        parameters=parameters,
        columns=columns,
    )


ROWS = (
    Row("long-cash-20", "one real asset, long or cash at random, runs of 20 sessions", 200, partial(long_or_cash, run=20)),
    Row("long-cash-120", "the same, runs of 120 sessions", 200, partial(long_or_cash, run=120)),
    Row("rotation", "a third of the real sector funds at random, monthly", 200, rotation),
    Row("late-joiners", "3 of ten made assets at random, weekly; five join late", 300, late_joiners),
    Row("unrelated-walk", "one real asset, long or cash by averages of an unrelated random walk", 200, unrelated_walk),
)
