"""Which part of a system is which field, how it is read, and what is left out: the second step of making a mapping."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from datasources.actions.mapping import FieldWish
from datasources.enums import ConnectorKind, FieldType
from datasources.forms.code_lists import LANGUAGES, code_fields, code_rows, codes_in
from datasources.forms.mapping import misfits
from datasources.forms.mapping_rest import rest_fields, rest_of
from datasources.models import Dataset, Field, Source
from datasources.rules.apart import Apart
from datasources.rules.matching import Wanted, fits, format_fits, format_of, suggested
from datasources.rules.offering import Part

MOST_LEFT_OUT = 200
_WITH_FORMATS, _WITH_OPTIONAL = {ConnectorKind.FILES}, {ConnectorKind.REST, ConnectorKind.PUSH}
_FORMATS = [
    ("", _("as it is")),
    ("euros", _("12,50 (euros)")),
    ("date", _("1.9.2026 (a day)")),
    ("moment", _("1.9.2026 14.30 (a moment)")),
]
# By kind; a mapping keeps the kind.
REASONS: dict[str, Any] = {
    Apart.SECRET: _("a secret"),
    Apart.OTHERS: _("may tell of somebody else"),
    Apart.STAFF_TEXT: _("free text that staff may have written about others"),
    Apart.PROTECTED: _("would tell of a protected address"),
    Apart.TECHNICAL: _("the system’s own key or time stamp"),
}
_CANNOT_BE_USED = _("This cannot be used.")

Item = Mapping[str, Any]


def told_reason(kept: str) -> str:
    """Why something is left out, in the language of whoever looks; what a keeper wrote in their own words is that."""
    return str(REASONS.get(kept, "" if kept == Apart.WHOSE else kept))


def kept_reason(written: str) -> str:
    """The kind of a reason that stands as it was offered, in whatever language; else what was written."""
    for kind, reason in REASONS.items():
        for language in LANGUAGES:
            with override(language):
                if written == str(reason):
                    return str(kind)
    return written


class FieldsForm(forms.Form):
    """For each field of a dataset its source, type, format and code list; for each part that no field takes, why.

    `where`: where it lies, in the words of a mapping; `seen`: what the last look at it found, or None; `part`: what the
    mapping says now. After `is_valid`, `part` is what it is to say, and `wishes` what the fields are to be.
    """

    def __init__(
        self, data: Any, *, source: Source, dataset: Dataset, where: Item, seen: Item | None, part: Item
    ) -> None:
        # Each name has one value; codes that were seen are added to what was sent.
        super().__init__(None if data is None else dict(data.items()))
        self._source, self._where, self._held = source, where, part
        self._seen: Item = seen or {}
        self.parts: list[Part] = list(self._seen.get("parts", ()))
        self._looks = {each["name"]: each["looks"] for each in self.parts}
        self._described = list(dataset.fields.filter(retired_at=None))
        self.part: dict[str, Any] = dict(part)
        self.wishes: dict[str, FieldWish] = {}
        told = {**where, **self._seen.get("where", {}), **part}
        beside = rest_fields(source.kind, told, self._seen, self._choices())
        self._rest = list(beside)
        self.fields |= beside
        taken = dict(part.get("columns", {})) or self._suggested()
        for described in self._described:
            self._add(described, taken.get(described.slug, ""))
        for number, each in enumerate(self._apart()):
            reason = told_reason(part.get("left_out", {}).get(each["name"], "") or each["apart"])
            self.fields[f"why_{number}"] = forms.CharField(
                label=each["name"],
                initial=reason,
                required=False,
                max_length=200,
                widget=forms.TextInput(attrs={"size": 50}),
            )

    def _suggested(self) -> dict[str, str]:
        wanted = [
            Wanted(each.slug, (each.label_fi, each.label_sv, each.label_en), FieldType(each.type))  # type: ignore[attr-defined]
            for each in self._described
        ]
        return suggested(wanted, self.parts)

    def _add(self, described: Field, taken: str) -> None:
        slug, label = described.slug, described.label or described.slug
        at = {"field": label}
        self.fields[f"column_{slug}"] = self._column(gettext("%(field)s: where it comes from") % at, taken)
        self.fields[f"type_{slug}"] = forms.ChoiceField(
            label=gettext("%(field)s: type") % at, choices=FieldType.choices, initial=described.type
        )
        if self._source.kind in _WITH_FORMATS:
            written = self._held.get("formats", {}).get(slug) or format_of(self._looks.get(taken, "nothing"))
            self.fields[f"format_{slug}"] = forms.ChoiceField(
                label=gettext("%(field)s: as it is written") % at, choices=_FORMATS, initial=written, required=False
            )
        if self._source.kind in _WITH_OPTIONAL:
            self.fields[f"optional_{slug}"] = forms.BooleanField(
                label=gettext("%(field)s: may be missing") % at,
                initial=slug in self._held.get("optional", ()),
                required=False,
            )
        chosen = self.data.get(f"column_{slug}", taken)
        seen = next((each["codes"] for each in self.parts if each["name"] == chosen), [])
        if self.data.get(f"type_{slug}", described.type) == FieldType.CODE:
            self._add_codes(code_fields(slug, label, described.codes, seen, self.data))

    def _add_codes(self, fields: dict[str, forms.Field]) -> None:
        """Codes that were seen stand there, though the form comes back from before they were shown."""
        self.fields |= fields
        if self.is_bound:
            shown = {name: field.initial for name, field in fields.items() if name not in self.data}
            self.data = {**self.data, **shown}

    def _column(self, label: str, taken: str) -> forms.Field:
        if not self.parts:
            return forms.CharField(label=label, initial=taken, required=False, max_length=200)
        choices = self._choices()
        if taken and taken not in self._looks:
            choices.append((taken, gettext("%(name)s (not seen)") % {"name": taken}))
        return forms.ChoiceField(label=label, choices=choices, initial=taken, required=False)

    def _choices(self) -> list[tuple[str, Any]]:
        """What may be taken: first what nothing speaks against, then what is left out unless it is chosen."""
        plain = [(each["name"], _described(each)) for each in self.parts if not each["apart"]]
        apart = [
            (each["name"], _described(each))
            for each in self.parts
            if each["apart"] and not Apart(each["apart"]).is_never_mapped
        ]
        empty: list[tuple[str, Any]] = [("", gettext("– is not read –"))]
        return [*empty, *plain, *([(gettext("Left out, unless you choose it"), apart)] if apart else [])]

    def _apart(self) -> list[Part]:
        """Parts that could be left out for a reason, and may be many: whose it is, is none of them."""
        return [each for each in self.parts if each["apart"] != Apart.WHOSE][:MOST_LEFT_OUT]

    def rest(self) -> list[forms.BoundField]:
        """For the page: what is told beside the fields."""
        return [self[name] for name in self._rest]

    def rows(self) -> list[dict[str, Any]]:
        """For the page: each field with its bound form fields, and what the chosen part looks like."""
        return [self._row(described) for described in self._described]

    def _row(self, described: Field) -> dict[str, Any]:
        slug = described.slug
        names = {what: f"{what}_{slug}" for what in ("column", "type", "format", "optional")}
        bound = {what: self[name] for what, name in names.items() if name in self.fields}
        chosen = str(bound["column"].value() or "")
        kind = str(bound["type"].value())
        part = next((each for each in self.parts if each["name"] == chosen), None)
        fits_it = True
        if part is not None and kind in FieldType and not self._format(slug):
            fits_it = fits(FieldType(kind), part["looks"])
        return {
            **bound,
            "described": described,
            "codes": code_rows(self, slug),
            "part": part,
            "does_not_fit": not fits_it,
            "apart": REASONS.get(Apart(part["apart"])) if part else None,
        }

    def _format(self, slug: str) -> str:
        return str(self[f"format_{slug}"].value() or "") if f"format_{slug}" in self.fields else ""

    def left_out(self) -> list[tuple[Part, forms.BoundField]]:
        """For the page: each part that no field takes, with the reason."""
        taken = {str(self[name].value()) for name in self.fields if name.startswith("column_")}
        told = [(each, self[f"why_{number}"]) for number, each in enumerate(self._apart())]
        return [(each, field) for each, field in told if each["name"] not in taken]

    def clean(self) -> dict[str, Any]:
        """What the mapping is to say is what the connector can read; faults stand beside their fields."""
        cleaned = super().clean() or self.cleaned_data
        columns = self._told("column_")
        if not columns:
            self.add_error(None, _("Choose where one field at least comes from."))
        for described in self._described:
            self._clean_field(described, columns.get(described.slug, ""))
        self.part = self._part(cleaned, columns)
        for way in [] if self.errors else misfits(self._source, self.part):
            self._tell(way)
        return cleaned

    def _told(self, before: str) -> dict[str, Any]:
        named = {name.removeprefix(before): told for name, told in self.cleaned_data.items() if name.startswith(before)}
        return {slug: told for slug, told in named.items() if told}

    def _clean_field(self, described: Field, column: str) -> None:
        slug, kind = described.slug, self.cleaned_data.get(f"type_{described.slug}", described.type)
        codes = codes_in(self, slug)
        if kind == FieldType.CODE and not codes:
            self.add_error(f"type_{slug}", _("Write its codes and what they mean, below."))
        if not format_fits(self.cleaned_data.get(f"format_{slug}", ""), self._looks, column):
            self.add_error(f"format_{slug}", _("The values that were seen are not written so."))
        self.wishes[slug] = FieldWish(kind, codes if kind == FieldType.CODE else {})

    def _part(self, cleaned: Item, columns: dict[str, str]) -> dict[str, Any]:
        found = {name: told for name, told in self._seen.get("where", {}).items() if name != "key"}
        optional = {"optional": sorted(self._told("optional_"))} if self._source.kind in _WITH_OPTIONAL else {}
        formats = {"formats": self._told("format_")} if self._source.kind in _WITH_FORMATS else {}
        return {
            **self._held,
            **found,
            **self._where,
            **rest_of(self._source.kind, cleaned, self._held),
            "columns": columns,
            **optional,
            **formats,
            "left_out": self._reasons(set(columns.values())),
        }

    def _reasons(self, taken: set[str]) -> dict[str, str]:
        """Beside what is told here stays what is told of parts that nobody saw."""
        apart = {each["name"]: self.cleaned_data.get(f"why_{n}", "") for n, each in enumerate(self._apart())}
        held = {name: reason for name, reason in self._held.get("left_out", {}).items() if name not in apart}
        return held | {name: kept_reason(reason) for name, reason in apart.items() if reason and name not in taken}

    def _tell(self, way: Sequence[str]) -> None:
        name = f"column_{way[1]}" if way[0] == "columns" and len(way) > 1 else way[0]
        if name in self.fields:
            self.add_error(name, _CANNOT_BE_USED)
        else:
            self.add_error(None, gettext("%(place)s cannot be used.") % {"place": ".".join(way)})


def _described(part: Part) -> str:
    """`loan.title · varchar(40) · Xxxxx 9`."""
    return " · ".join(filter(None, [part["name"], part["type"], *part["shapes"][:1]]))
