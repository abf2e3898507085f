"""Each item of a package beside what this city already holds; the same statements however many items."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from datasources.queries.handing import fields_described, sheets_for
from datasources.transfers.arriving.comparing import Comparison, compared
from datasources.transfers.arriving.items import Brought


@dataclass(frozen=True)
class Beside:
    """One item and how it stands beside what is here; `known`: this city has a dataset of that name."""

    item: Brought
    comparison: Comparison

    @property
    def known(self) -> bool:
        """This city holds such data itself."""
        return bool(self.comparison.columns) or self.comparison.verdict != "unknown"


def beside(items: Sequence[Brought], *, at: datetime) -> list[Beside]:
    """In their order; within the scope of their one person. Two statements."""
    datasets = sorted({each.row.dataset for each in items})
    sheets, fields = sheets_for(datasets, at=at)(), fields_described(datasets)()
    held = {slug: sheet.records(fields[slug]) for slug, sheet in sheets.items() if fields[slug]}
    return [
        Beside(
            each,
            compared(each.rows, held.get(each.row.dataset), known=set(fields[each.row.dataset]) or None),
        )
        for each in items
    ]
