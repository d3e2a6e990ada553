"""Rules that decide once: what they earn is what they hold."""

import math

from .row import Row


def held(case):
    """Fifty baskets with weights at random, bought once and left alone."""
    market = case.real.market(case.draws, case.folder, 5000, 0)
    baskets = []
    for _ in range(50):
        parts = {asset: -math.log(1 - case.draws.uniform()) for asset in market.assets}
        whole = sum(parts.values())
        baskets.append(f"fixed({', '.join(f'{asset} = {part / whole:.4f}' for asset, part in parts.items())})")
    case.judge("sweep", market, baskets[0], {"alpha.weights": baskets}, schedule="buy_and_hold")


ROWS = (Row("held", "baskets of all long real assets at random, bought once and left to drift", 60, held),)
