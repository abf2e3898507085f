"""The log in a package: to read, for a spreadsheet, and with the proof of all its rows under one seal."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext

from portal.pages.door import ResidentRequest
from portal.pages.log_files import as_bundle, as_rows, as_table, log_of
from portal.pages.matters import entries
from portal.pages.package.tables import as_page
from portal.pages.uses import Wanted

File = tuple[str, Iterable[bytes]]


def log_files(asking: ResidentRequest, shared: Mapping[str, Any], *, at: datetime) -> Iterator[File]:
    """Every row that whoever asks may see, newest first."""
    log = log_of(entries(asking), Wanted(), person=asking.person, reader=asking.me, at=at)
    yield "log/log.json", as_bundle(log, at=at, columns=True)
    yield "log/log.csv", as_table(log)
    heads = [gettext("When"), gettext("Who"), gettext("What"), gettext("Data"), gettext("Why"), gettext("How")]
    yield "log/log.html", as_page("package/log.html", {**shared, "heads": heads}, as_rows(log))
