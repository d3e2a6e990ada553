"""Rules that look at prices in which no day tells of the next one."""

from functools import partial

from .. import markets
from .row import Row

LOOK_BACKS = [1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 75, 90, 110, 135, 165, 200, 250]
WARM = 20
ASSET = markets.NAMES[0]


def one_asset(case, sessions, deepest):
    return markets.made(case.folder, {ASSET: markets.garch(case.draws, deepest + WARM + sessions)}, sessions)


def look_backs(case, sessions, sign):
    """Long after a rise (contrarian: after a fall) over n sessions, else in cash or short."""
    market = one_asset(case, sessions, LOOK_BACKS[-1])
    axes = {"n": LOOK_BACKS, "below": [0.0, -1.0]}
    case.judge("sweep", market, f"if(returns(n) {sign} 0, 1, below)", axes, parameters={"n": 20, "below": 0.0}, short=True)


def dips(case):
    """Long while the close is some percent below the highest close of n sessions."""
    highs, depths = [5, 10, 15, 20, 30, 40, 60, 90, 140, 250], [0.01, 0.02, 0.04, 0.06, 0.1]
    market = one_asset(case, 2520, highs[-1])
    parameters = {"n": 20, "depth": 0.02}
    case.judge("sweep", market, "close < (1 - depth) * highest(close, n)", {"n": highs, "depth": depths}, parameters=parameters)


def calm(case):
    """Long while the volatility is below its median of a year; or the more of the asset, the calmer it is."""
    windows = [5, 8, 10, 12, 15, 18, 20, 25, 30, 35, 40, 50, 60, 80, 100]
    market = one_asset(case, 2520, windows[-1] + 252)
    weights = ["volatility(n) < median(volatility(n), 252)", "min(1, 0.1 / volatility(n))"]
    case.judge("sweep", market, weights[0], {"alpha.weights": weights, "n": windows}, parameters={"n": 20})


def shuffled(case, choose):
    """The assets that rose most (contrarian: least) over n sessions, weekly, on real days in a random order."""
    windows = [2, 3, 5, 8, 10, 15, 20, 30, 40, 60, 80, 100, 130, 180, 250]
    market = case.real.shuffled(case.draws, case.folder, 2520, windows[-1] + WARM, assets=5)
    axes = {"n": windows, "k": list(range(1, min(4, len(market.assets))))}
    case.judge("sweep", market, f"{choose}(momentum(n), k)", axes, parameters={"n": 20, "k": 1}, schedule="weekly")


ROWS = (
    Row(
        "contrarian-500",
        "long after a fall, look-backs of 1 to 250 sessions, GARCH",
        300,
        partial(look_backs, sessions=500, sign="<"),
    ),
    Row("contrarian-2520", "the same, ten years", 200, partial(look_backs, sessions=2520, sign="<")),
    Row(
        "momentum-500",
        "long after a rise, look-backs of 1 to 250 sessions, GARCH",
        300,
        partial(look_backs, sessions=500, sign=">"),
    ),
    Row("momentum-2520", "the same, ten years", 200, partial(look_backs, sessions=2520, sign=">")),
    Row("dips", "bought below its last high, GARCH", 200, dips),
    Row("calm", "held in calm markets, or by its volatility, GARCH", 200, calm),
    Row("shuffled-momentum", "best of five real assets, their days shuffled", 200, partial(shuffled, choose="top")),
    Row("shuffled-contrarian", "worst of five real assets, their days shuffled", 200, partial(shuffled, choose="bottom")),
)
