"""Sheets as a pull would have left them, put there by hand: for tests of what is done with them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

import msgspec
import zstandard
from django.utils import timezone

from datasources.models import Dataset, Sheet, Source
from datasources.places import sheet_place
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.keys.seals import seal
from portal.walls import Role, scope


def put_sheet(person: UUID, slug: str, rows: Sequence[Mapping[str, object]], *, at: datetime | None = None) -> None:
    """The whole of what this dataset holds on the person from now on; `rows` are {field: as the source writes it}."""
    now = at or timezone.now()
    with scope(Role.WORKER):
        dataset = Dataset.objects.select_related("register").get(slug=slug)
        source = Source.objects.get(department=dataset.register.department_id, mapping__has_key=slug)
        columns = source.mapping[slug]["columns"]
        names = sorted({columns[field] for row in rows for field in row})
        fields = {columns[field]: field for row in rows for field in row}
        values = [[row.get(fields[name]) for row in rows] for name in names]
        body = zstandard.compress(msgspec.json.encode({"columns": names, "values": values}))
        sealed = seal(person_key(person, KeyScope.RECORDS), body, aad=sheet_place(person, dataset.pk))
        facts = {"source": source, "digest": b"", "body": sealed, "row_count": len(rows), "mapping_version": 1}
        facts |= {"pulled_at": now, "changed_at": now, "confirmed": True, "changes": None}
        Sheet.objects.update_or_create(facts, person_id=person, dataset=dataset)
