"""The manifest as RO-Crate 1.1 metadata (https://w3id.org/ro/crate/1.1), from which any reader of crates knows it."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from datasources.transfers.package.shape import FORMAT, METADATA, File, Head, Listed, Manifest
from portal.cities import Text

PROFILE = "https://w3id.org/ro/crate/1.1"
# Words that schema.org has none for. The name is an identifier, not an address.
WORDS = "urn:omattiedot:package:"
OWN_WORDS = (
    *("formatVersion", "nonce", "personSalt", "personDigest", "rulebookVersion", "citySlug", "nameSv", "nameEn"),
    *("item", "dataset", "legalLabel", "departmentName", "registerName", "asOf", "rowCount", "sha256", "table"),
    *("rowSchema", "originCity", "originIssued", "fact"),
)
Entity = dict[str, Any]


def crate_of(manifest: Manifest) -> bytes:
    """`ro-crate-metadata.json`: the crate, the city, each item as a part with its three files, each file."""
    context = [f"{PROFILE}/context", {word: WORDS + word for word in OWN_WORDS}]
    told = {"@context": context, "@graph": list(_graph(manifest))}
    return msgspec.json.format(msgspec.json.encode(told), indent=1)


def published_schema(url: str) -> dict[str, Any]:
    """The JSON Schema of `ro-crate-metadata.json`, as the city at `url` publishes it."""
    schema: dict[str, Any] = msgspec.json.decode(Path(__file__).with_name("ro-crate-metadata-1.json").read_bytes())
    return {"$id": f"{url}/schemas/transfer-package-1.json", **schema}


def _graph(manifest: Manifest) -> Iterator[Entity]:
    head = manifest.head
    yield {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": PROFILE},
        "about": {"@id": "./"},
    }
    parts = [*(_part("item", item.id) for item in manifest.items), *(_part("fact", fact.id) for fact in manifest.facts)]
    yield _root(head) | {"hasPart": [*parts, *({"@id": file.name} for file in manifest.files)]}
    yield {"@id": head.url, "@type": "Organization", "citySlug": head.city, "url": head.url, **_named(head.city_name)}
    for item in manifest.items:
        yield _item(item)
    for fact in manifest.facts:
        entity = {**_part("fact", fact.id), "@type": "Dataset", **_named(fact.title)}
        yield entity | {"fact": {"@id": fact.file.name}, "hasPart": [{"@id": fact.file.name}]}
    for file in manifest.files:
        yield _file(file)


def _root(head: Head) -> Entity:
    entity: Entity = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{head.city_name.fi}: {head.issued.date().isoformat()}",
        "description": "Data that a resident takes along from one city to another.",
        "license": "For the person it is about to use as they wish.",
        "formatVersion": FORMAT,
        "publisher": {"@id": head.url},
        "datePublished": moment(head.issued),
        "expires": moment(head.expires),
        "nonce": head.nonce,
        "personSalt": head.person.salt,
        "personDigest": head.person.digest,
        "rulebookVersion": [f"{city}={version}" for city, version in head.rulebooks.items()],
    }
    return entity | ({"audience": head.audience} if head.audience else {})


def _item(item: Listed) -> Entity:
    entity: Entity = {
        **_part("item", item.id),
        "@type": "Dataset",
        **_named(item.title),
        "dataset": item.dataset,
        "legalLabel": item.label.value,
        "departmentName": _words(item.department),
        "registerName": _words(item.register),
        "asOf": moment(item.as_of),
        "rowCount": item.row_count,
        "item": {"@id": item.json.name},
        "table": {"@id": item.csv.name},
        "rowSchema": {"@id": item.schema.name},
        "hasPart": [{"@id": file.name} for file in (item.json, item.csv, item.schema)],
    }
    if item.origin is None:
        return entity
    origin = {"@id": f"#city-{item.origin.city}"}
    told = _words(item.origin.name)
    return entity | {"originCity": [origin["@id"], *told], "originIssued": moment(item.origin.issued)}


def _file(file: File) -> Entity:
    return {
        "@id": file.name,
        "@type": "File",
        "name": file.name,
        "encodingFormat": file.media_type,
        "contentSize": str(file.size),
        "sha256": file.sha256,
    }


def _part(kind: str, name: str) -> dict[str, str]:
    # A part that is no folder of its own: an identifier within the crate.
    return {"@id": f"#{kind}-{name}"}


def _named(text: Text) -> dict[str, str]:
    return {"name": text.fi, "nameSv": text.sv, "nameEn": text.en}


def _words(text: Text) -> list[str]:
    """In Finnish, Swedish and English, in this order."""
    return [text.fi, text.sv, text.en]


def moment(at: datetime) -> str:
    """RFC 3339 with its offset."""
    return at.isoformat()
