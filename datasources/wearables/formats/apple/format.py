"""Apple Health exports: https://developer.apple.com/documentation/healthkit, the document type in each export."""

from collections.abc import Iterator

from datasources.wearables.collecting import Collector
from datasources.wearables.columns import Columns
from datasources.wearables.formats.apple.target import Target
from datasources.wearables.reading.format import Format
from datasources.wearables.reading.forward import Forward
from datasources.wearables.reading.xml_stream import points_of, root_of


def _recognises(head: bytes) -> bool:
    # The document type alone may be longer than what is looked at; it names the root.
    return root_of(head) == "HealthData" or b"<!DOCTYPE HealthData" in head[:1024] or _is_clinical(head)


def _is_clinical(head: bytes) -> bool:
    """The same measurements once more, in another form, stand beside each export."""
    return b"<ClinicalDocument" in head[:4096]


def _read(stream: Forward, collector: Collector) -> Iterator[Columns]:
    if not _is_clinical(stream.head):
        yield from points_of(stream, Target(collector))


APPLE = Format("apple", "Apple Health", _recognises, _read)
