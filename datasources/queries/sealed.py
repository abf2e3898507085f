"""What the ring key `sources` seals here, and how it moves when that key is changed."""

from collections.abc import Mapping
from uuid import UUID

from datasources.models import Source, Trial
from datasources.queries.sources import secrets_place
from datasources.queries.trials import values_place
from portal.keys.moving import Rows, SealedRows, lies_under
from portal.keys.seals import resealed
from portal.walls import Role, scope


def _newer(column: str, sealed: bytes | memoryview | None, aad: bytes) -> Mapping[str, bytes]:
    newer = resealed("sources", bytes(sealed), aad=aad) if sealed else None
    return {column: newer} if newer else {}


def _secrets(source: Source) -> Mapping[str, bytes]:
    return _newer("sealed_secrets", source.sealed_secrets, secrets_place(source.slug))


def _values(trial: Trial) -> Mapping[str, bytes]:
    return _newer("sealed_values", trial.sealed_values, values_place(trial))


def name_them() -> None:
    """Called once, at the start."""
    sources = SealedRows(Source.objects.all, _secrets, opened=lambda: scope(Role.WORKER), first=UUID(int=0))
    trials = SealedRows(Trial.objects.all, _values, opened=lambda: scope(Role.WORKER), first=UUID(int=0))
    lies_under("sources", Rows("secrets of sources", sources.left, sources.move))
    lies_under("sources", Rows("values held for a keeper", trials.left, trials.move))
