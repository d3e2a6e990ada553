"""Random numbers that are the same on every machine and with every Python: all are made of `random()`, which Python keeps for a seed."""

import math
import random
from statistics import NormalDist


class Draws:
    """Numbers of one case; the words and numbers of the seed name it."""

    def __init__(self, *seed):
        self.uniform = random.Random(" ".join(map(str, seed))).random

    def below(self, count):
        """A whole number from 0 to count - 1."""
        return int(self.uniform() * count)

    def chance(self, probability):
        return self.uniform() < probability

    def shuffled(self, items):
        """The items in a random order (Fisher and Yates)."""
        items = list(items)
        for last in range(len(items) - 1, 0, -1):
            other = self.below(last + 1)
            items[last], items[other] = items[other], items[last]
        return items

    def sample(self, items, count):
        """Some of the items, in their own order."""
        items = list(items)
        return [items[place] for place in sorted(self.shuffled(range(len(items)))[:count])]

    def normal(self):
        return NormalDist().inv_cdf(max(self.uniform(), 2.0**-53))

    def fat(self):
        """Student's t with 4 degrees of freedom, scaled to a deviation of 1, by its closed quantile function."""
        u = max(self.uniform(), 2.0**-53)
        a = math.sqrt(4 * u * (1 - u))
        size = 2 * math.sqrt(max(0.0, math.cos(math.acos(min(a, 1.0)) / 3) / a - 1))
        return math.copysign(size, u - 0.5) / math.sqrt(2)

    def states(self, count, run):
        """A list of 0 and 1 that changes after `run` sessions on average."""
        state, states = self.below(2), []
        for _ in range(count):
            if self.chance(1 / run):
                state = 1 - state
            states.append(state)
        return states
