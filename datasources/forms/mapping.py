"""What is read from a source, written as JSON: each dataset's part is what its connector can read."""

import json
from pkgutil import resolve_name
from typing import Any, NoReturn

from django import forms
from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from pydantic import ValidationError as Unfit

from datasources.catalogue.files import MappingFile
from datasources.errors import MisSet
from datasources.models import Dataset, Field, Source


class Indented(json.JSONEncoder):
    """JSON as a person writes it."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**(told | {"indent": 2, "ensure_ascii": False}))


class Decoder(json.JSONDecoder):
    """JSON that says each thing once, and nothing that a database cannot hold."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**(told | {"object_pairs_hook": _once, "parse_constant": _refuse}))

    def decode(self, s: str, *args: Any) -> Any:
        """JSONDecodeError for whatever cannot be taken."""
        try:
            told = super().decode(s, *args)
            if "\\u0000" in json.dumps(told):
                _refuse("NUL")
            json.dumps(told, ensure_ascii=False).encode()
        except (RecursionError, UnicodeEncodeError):
            _refuse("no text, or too deep")
        return told


def _refuse(odd: str) -> NoReturn:
    raise json.JSONDecodeError(odd, "", 0)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        _refuse("a name stands twice")
    return told


class WrittenAsJson(forms.JSONField):
    """A field in which a keeper writes JSON, as high as `rows` lines; it may stay empty."""

    def __init__(self, *, label: Promise, help_text: Promise, rows: int) -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            widget=forms.Textarea(attrs={"rows": rows, "cols": 100, "spellcheck": "false", "class": "code"}),
            required=False,
            encoder=Indented,
            decoder=Decoder,
            error_messages={"invalid": _("This is not JSON, or a name stands twice in it.")},
        )


def misfits(source: Source, part: dict[str, Any]) -> list[tuple[str, ...]]:
    """Where a part of a mapping cannot be used, as the ways to its names (`columns`, `hall`); nothing when it can be.

    First by the form of every mapping, then by what this kind of connector reads.
    """
    try:
        mapping = MappingFile.model_validate(part).model_dump()
        resolve_name(f"datasources.connectors.{source.kind}.shape:Shape").model_validate(mapping)
    except Unfit as fault:
        return [way for error in fault.errors(include_input=False, include_url=False) for way in _ways(error)]
    except LookupError:
        return [("encoding",)]
    return []


def _ways(error: Any) -> list[tuple[str, ...]]:
    """A rule over several parts names them itself, with commas between."""
    if error["loc"]:
        return [tuple(map(str, error["loc"]))]
    return [(name,) for name in str(error["msg"]).removeprefix("Value error, ").split(", ")]


def mapping_of(source: Source, dataset: str, part: Any) -> dict[str, Any]:
    """One dataset's part as it is kept; ValidationError with the place of what cannot be used."""
    row = Dataset.objects.filter(slug=dataset, register__department=source.department_id, retired_at=None).first()
    if row is None:
        raise ValidationError(
            _("%(dataset)s: the department has no dataset of that name."), params={"dataset": dataset}
        )
    try:
        mapping = MappingFile.model_validate(part)
        resolve_name(f"datasources.connectors.{source.kind}.shape:shape_of")(dataset, mapping.model_dump())
    except Unfit as fault:
        places = ", ".join(".".join(map(str, error["loc"])) or dataset for error in fault.errors())
        raise ValidationError(
            _("%(dataset)s: this is missing, misspelt or of the wrong kind: %(places)s."),
            params={"dataset": dataset, "places": places},
        ) from None
    except MisSet as fault:
        raise ValidationError(str(fault)) from None
    known = set(Field.objects.filter(dataset=row, retired_at=None).values_list("slug", flat=True))
    if odd := sorted(mapping.columns.keys() - known):
        raise ValidationError(
            _("%(dataset)s has no such fields: %(fields)s."), params={"dataset": dataset, "fields": ", ".join(odd)}
        )
    told: dict[str, Any] = mapping.model_dump()
    return told
