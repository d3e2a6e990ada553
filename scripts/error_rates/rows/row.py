"""What a row is, and a part of them."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A row. `name` is its key in the record and in the seeds, `text` its null or its edge; `sweeps` are played unless told otherwise."""

    name: str
    text: str
    sweeps: int
    play: Callable
    # Of several steps the one that is judged; "any of them" is all together.
    judged: str = ""


@dataclass(frozen=True)
class Part:
    """Rows with a table of their own. Of sweeps without skill a share of `level` may be called real; no level: nothing is judged."""

    name: str
    title: str
    text: str
    rows: tuple
    level: float | None
    column: str = "null"
    unit: str = "sweeps"
