"""Binomial counts: the interval of a share, and how many a level explains."""

import math


def at_most(count, sweeps, probability):
    """The probability of `count` or fewer of so many sweeps."""
    if count >= sweeps or probability <= 0:
        return 1.0
    if probability >= 1:
        return 0.0
    yes, no = math.log(probability), math.log1p(-probability)
    return min(1.0, math.fsum(math.exp(_ways(sweeps, k) + k * yes + (sweeps - k) * no) for k in range(count + 1)))


def _ways(sweeps, count):
    return math.lgamma(sweeps + 1) - math.lgamma(count + 1) - math.lgamma(sweeps - count + 1)


def interval(count, sweeps, outside=0.05):
    """The interval of Clopper and Pearson for the share behind a count."""
    low = 0.0 if count == 0 else _where(lambda p: at_most(count - 1, sweeps, p), 1 - outside / 2)
    high = 1.0 if count == sweeps else _where(lambda p: at_most(count, sweeps, p), outside / 2)
    return low, high


def _where(falling, value):
    """The share at which a function that falls from 1 to 0 has this value."""
    low, high = 0.0, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if falling(middle) > value else (low, middle)
    return (low + high) / 2


def most(sweeps, level, chance):
    """The largest count that a true share of `level` explains: more come with a probability of at most `chance`."""
    return next(count for count in range(sweeps + 1) if 1 - at_most(count, sweeps, level) <= chance)
