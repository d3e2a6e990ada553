"""All rows, by part. A new row is an entry of its family's file; a new family is a file, and its rows a term below."""

from . import combining, holding, knowing_nothing, planted, reacting, zooming
from .row import Part

PARTS = (
    Part(
        "no-skill",
        "Rules without skill",
        "A sweep a case, in a folder of its own.",
        knowing_nothing.ROWS + reacting.ROWS + holding.ROWS,
        level=0.05,
    ),
    Part(
        "zoom",
        "Zooming in",
        "A grid, its best point alone, and finer grids around the best point so far, one after another in one folder, each aggregated"
        " before the next one is made.",
        zooming.ROWS,
        level=0.05,
        unit="folders",
    ),
    Part(
        "planted",
        "Planted edges",
        "Here `called real` is what should be. The ratio is that of the ideal rule beyond holding, a year.",
        planted.ROWS,
        level=None,
        column="edge",
    ),
    Part(
        "combine",
        "Winners combined",
        "A first sweep of 50 rules without skill is aggregated; a second one in the same folder is made of its best. No second one may"
        " be called real.",
        combining.ROWS,
        level=0.0,
        unit="folders",
    ),
)
ROWS = {row.name: row for part in PARTS for row in part.rows}
