"""A search that goes where the last sweep looked best."""

from .. import markets, sweeps
from ..table import ANY
from .row import Row

FAST, SLOW = [2, 3, 5, 8, 13, 21, 34, 55], [8, 13, 21, 34, 55, 89, 144, 200]
# Of the finer grids: their name, and how far they reach from the best point so far.
FINER = (("finer grid", 1, 2), ("still finer grid", 3, 6))
WARM = 20


def zoom(case, market, weights, **more):
    """`weights` compares a fast average with a slow one. The best point so far is that of the highest Sharpe ratio of all steps."""
    best = None

    def step(name, fast, slow):
        nonlocal best
        answer = case.judge(
            name,
            market,
            weights,
            {"fast": fast, "slow": slow},
            parameters={"fast": fast[0], "slow": slow[-1]},
            keep="fast < slow",
            **more,
        )
        found = answer["best"]
        if found and (best is None or found["metrics"]["sharpe"] > best["metrics"]["sharpe"]):
            best = found

    step("grid", FAST, SLOW)
    step("best point alone", [best["values"]["fast"]], [best["values"]["slow"]])
    for name, *reach in FINER:
        fast, slow = (around(best["values"][axis], far) for axis, far in zip(("fast", "slow"), reach, strict=True))
        step(name, fast, slow)


def around(middle, far):
    return list(range(max(1, middle - far), middle + far + 1))


def on_walk(case):
    sessions = 1000
    returns = markets.steady(case.draws, SLOW[-1] + WARM + sessions)
    market = markets.made(case.folder, {markets.NAMES[0]: returns}, sessions)
    zoom(case, market, "if(sma(fast) > sma(slow), 1, -1)", short=True)


def on_numbers(case):
    market = case.real.market(case.draws, case.folder, 2000, SLOW[-1] + WARM, assets=1)
    series = {"number": [f"{case.draws.uniform():.6f}" for _ in market.dates]}
    columns = sweeps.numbers(case.folder, market.dates, series)
    zoom(case, market, "sma(number, fast) > sma(number, slow)", columns=columns)


ROWS = (
    Row("zoom-walk", "crossovers of averages on a random walk, long or short", 100, on_walk, judged=ANY),
    Row("zoom-numbers", "one real asset, long or cash by averages of random numbers", 100, on_numbers, judged=ANY),
)
