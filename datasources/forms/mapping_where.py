"""Where a dataset lies in a department system: the first step of making a mapping."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from datasources.enums import ConnectorKind
from datasources.rules.apart import words_of
from datasources.rules.joining import Step, Way, guessed, together, ways_from

_MOST_OPTIONS = 300
_OF_A_CODE = {"hetu", "henkilotunnus", "sotu", "ssn", "personbeteckning", "personnummer", "identitycode", "security"}
_OF_A_CODE |= {"identity", "pic", "sosiaaliturvatunnus"}
_LONGEST_BESIDE = 2
_FORMATS = ("csv", "tsv", "xlsx", "json", "xml")

Item = Mapping[str, Any]
_SPELLED = {"spellcheck": "false", "autocomplete": "off"}


class WhereForm(forms.Form):
    """What is told before the fields are looked at; `where()` is that in the words of a mapping."""

    def where(self) -> dict[str, Any]:
        """Only what was filled in."""
        return {name: told for name, told in self.cleaned_data.items() if told not in ("", None)}


class ListForm(WhereForm):
    """A list behind X-Road."""

    listing = forms.CharField(
        label=_("List"),
        help_text=_("The path at which everybody’s records are listed, below the address: /loans."),
        widget=forms.TextInput(attrs=_SPELLED),
    )
    search = forms.CharField(
        label=_("Search"),
        help_text=_("The path at which one person is asked about. The identity code goes into the body."),
        required=False,
        widget=forms.TextInput(attrs=_SPELLED),
    )


class WebListForm(ListForm):
    """A list of a web interface."""

    paging = forms.ChoiceField(
        label=_("Pages"),
        required=False,
        choices=[
            ("", _("found out from the answer")),
            ("cursor", _("each page names the next one")),
            ("offset", _("by the number of records before it")),
            ("link", _("by a link in a header")),
            ("none", _("everything comes at once")),
        ],
    )
    search_key = forms.CharField(
        label=_("Name of the code in a search"),
        help_text=_("Empty: the same as in the records."),
        required=False,
        widget=forms.TextInput(attrs=_SPELLED),
    )
    since_parameter = forms.CharField(
        label=_("Parameter for changes"),
        help_text=_("When the list can be asked for what was changed since a moment. Else leave it empty."),
        required=False,
        widget=forms.TextInput(attrs=_SPELLED),
    )


class FileForm(WhereForm):
    """A file of the folder."""

    file = forms.CharField(label=_("File"), widget=forms.TextInput(attrs=_SPELLED))
    format = forms.ChoiceField(
        label=_("Format"),
        choices=[
            ("", _("by the name’s ending")),
            *((each, each.upper()) for each in ("csv", "tsv", "xlsx", "json", "xml")),
        ],
        required=False,
    )
    encoding = forms.ChoiceField(
        label=_("Encoding"),
        help_text=_("Of CSV and TSV."),
        choices=[
            ("", _("found out from the file")),
            *((each, each) for each in ("utf-8-sig", "utf-8", "iso8859-1", "iso8859-15", "cp1252", "utf-16")),
        ],
        required=False,
    )
    delimiter = forms.ChoiceField(
        label=_("Between the columns"),
        help_text=_("Of CSV."),
        choices=[("", _("found out from the file")), (";", ";"), (",", ","), ("|", "|"), ("\t", _("a tab"))],
        required=False,
    )
    sheet = forms.CharField(label=_("Sheet"), help_text=_("Of a workbook; empty: the first."), required=False)
    rows = forms.CharField(
        label=_("Way to the records"),
        help_text=_("Of JSON and XML: names from the top, with / between. Empty: found out from the file."),
        required=False,
        widget=forms.TextInput(attrs=_SPELLED),
    )

    def __init__(self, *args: Any, files: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if files:
            choices = [(name, name) for name in files]
            self.fields["file"] = forms.ChoiceField(label=_("File"), choices=choices)


class TreeForm(WhereForm):
    """The tree of a GDPR API."""

    rows = forms.CharField(
        label=_("Way to the records"),
        help_text=_("Keys from the top, with / between. Empty: found out from what comes."),
        required=False,
        widget=forms.TextInput(attrs=_SPELLED),
    )


class TableForm(WhereForm):
    """Of a table: whose its rows are, by what links it to an identity code; and which tables tell more of a row."""

    whose = forms.ChoiceField(
        label=_("Whose row it is"),
        help_text=_("The column of the identity code, and the way to it from the table."),
    )
    beside = forms.MultipleChoiceField(
        label=_("Tables beside it"),
        help_text=_("Of which fields are needed too: the name of a unit, for instance."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, places: Sequence[Item], table: str, part: Item, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._table = table
        columns = {place["name"]: [part[0] for part in place["parts"]] for place in places}
        told = [(left, right) for place in places for left, right in place["links"]]
        links = dict.fromkeys([*told, *guessed(columns)])
        self._ways = {_token(way): way for ways in ways_from(table, links).values() for way in ways}
        options = [
            (f"{token}:{name}", _label(table, way, name))
            for token, way in self._ways.items()
            for name in columns.get(way[-1].table if way else table, ())
        ]
        likely = [(value, label) for value, label in options if _is_likely(value)]
        others = [(value, label) for value, label in options if not _is_likely(value)]
        rest = others[: max(0, _MOST_OPTIONS - len(likely))]
        self._offer("whose", [(_("Likely"), likely), (_("Others"), rest)] if likely else rest)
        forward = [token for token, way in self._ways.items() if _is_beside(way, links)]
        self._offer("beside", [(token, _label(table, self._ways[token], "")) for token in forward])
        self._take_up(part, options, forward)

    def _offer(self, name: str, choices: Any) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def _take_up(self, part: Item, options: Sequence[tuple[str, str]], forward: Sequence[str]) -> None:
        """What the mapping says now is what is chosen already."""
        held = {Step(**join) for join in part.get("joins", ())}
        tokens = {token for token, way in self._ways.items() if set(way) <= held}
        if part.get("table") == self._table:
            fitting = [value for value, _ in options if value == f"{value.rpartition(':')[0]}:{part.get('key')}"]
            self.initial["whose"] = next((value for value in fitting if value.rpartition(":")[0] in tokens), None)
            self.initial["beside"] = [token for token in forward if token in tokens]

    def clean(self) -> dict[str, Any]:
        """The ways meet each table by one way only."""
        cleaned = super().clean() or self.cleaned_data
        if "whose" in cleaned and self._steps(cleaned) is None:
            self.add_error("beside", _("A table is come to by two different ways. Leave one of them out."))
        return cleaned

    def _steps(self, cleaned: Mapping[str, Any]) -> list[Step] | None:
        tokens = [cleaned["whose"].rpartition(":")[0], *cleaned.get("beside", ())]
        return together(*(self._ways[token] for token in tokens))

    def where(self) -> dict[str, Any]:
        """Table, joins and key."""
        joins = [vars(step) for step in self._steps(self.cleaned_data) or ()]
        return {"table": self._table, "joins": joins, "key": self.cleaned_data["whose"].rpartition(":")[2]}


def _token(way: Way) -> str:
    return ">".join(f"{step.left}={step.right}" for step in way)


def _label(table: str, way: Way, column: str) -> str:
    """`guardian.code (placement → child → guardian, by child_id)`."""
    if not way:
        return column
    tables = " → ".join([table, *(step.table for step in way)])
    by = ", ".join(step.left.rpartition(".")[2] for step in way)
    told = gettext("%(tables)s, by %(columns)s") % {"tables": tables, "columns": by}
    return f"{column} ({told})" if column else f"{way[-1].table} ({told})"


def _is_likely(value: str) -> bool:
    return bool(_OF_A_CODE.intersection(words_of(value.rpartition(":")[2])))


def _is_beside(way: Way, links: Mapping[tuple[str, str], Any]) -> bool:
    """A short way, on which each row finds one of the other table at most: none is doubled by it."""
    return 0 < len(way) <= _LONGEST_BESIDE and all((step.left, step.right) in links for step in way)


_FORMS: dict[str, type[WhereForm]] = {
    ConnectorKind.REST: WebListForm,
    ConnectorKind.XROAD: ListForm,
    ConnectorKind.GDPR_API: TreeForm,
}


def where_form(kind: str, data: Any, *, places: Sequence[Item], table: str = "", part: Item) -> WhereForm | None:
    """The form of this kind of system, bound when there is `data`; None for one that is asked nothing.

    `part` is what the mapping says now; `table` the one that was chosen, of a database.
    """
    initial = {name: told for name, told in part.items() if isinstance(told, str)}
    match kind:
        case ConnectorKind.SQL:
            return TableForm(data, places=places, table=table, part=part) if table else None
        case ConnectorKind.FILES:
            return FileForm(data, files=[place["name"] for place in places], initial=initial)
    form = _FORMS.get(kind)
    return form(data, initial=initial) if form else None
