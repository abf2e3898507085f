"""A night at a tenth of the size: 32,000 residents, eight datasets of six rows each, 1,536,000 rows.

`first`: the night after the city connected its systems, nothing is held yet. `ordinary`: the same rows again, and
something about 3 in 100 people has changed in every dataset. Ten times that is a city of 320,000 (docs/operations.md).
One source on the same machine, one worker.
"""

from tests.bench.framework import Portal, Row
from tests.bench.pull import DATASET, Pulling

PEOPLE, ROWS_EACH = 32_000, 6
DATASETS = (
    *(DATASET, "early-education-contacts", "early-education-placements", "early-education-attendance"),
    *("early-education-fee-decisions", "early-education-incomes", "library-card", "library-loans"),
)
CHANGED = 0.03
# At the full size, an hour of the night.
BAR = 360.0


def rows(portal: Portal) -> list[Row]:
    """`first` and `ordinary`, in seconds, against one second."""
    night = Pulling(portal, PEOPLE, rows_each=ROWS_EACH, datasets=DATASETS)
    first = night.first()
    ordinary = night.after_changes(CHANGED)
    return [Row("first", first, 1.0, "s", BAR, "lower"), Row("ordinary", ordinary, 1.0, "s", BAR, "lower")]
