"""What a keeper writes about the catalogue: the rules of the city's files, told beside the field."""

from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from pydantic import TypeAdapter
from pydantic import ValidationError as Unfit

from datasources.catalogue.files import Text
from datasources.enums import Disclosure, FieldType
from datasources.forms.mapping import WrittenAsJson
from datasources.models import Field

_CODES = TypeAdapter(dict[str, Text])

_IN_WORDS = {"fi": _("in Finnish"), "sv": _("in Swedish"), "en": _("in English")}
KEPT_HELP = _("The city’s catalogue files leave it as it is here. Untick it to let the files rule it again.")
_RETIRED_HELP = _("From then on it is not shown. What was kept stays as long as its rules say.")
_LABELS = {
    "department": _("Department"),
    "register": _("Register"),
    "dataset": _("Dataset"),
    "slug": _("Short name"),
    "position": _("Place in the list"),
    "retired_at": _("Retired"),
    "kept_here": _("Kept here"),
    "name": _("Name"),
    "everyday_name": _("Everyday name"),
    "description": _("Description"),
    "controllers": _("Controllers"),
    "purpose": _("Why it is kept"),
    "basis": _("Legal basis"),
    "law": _("Law"),
    "retention": _("How long it is kept"),
    "origin": _("Where the data comes from"),
    "recipients": _("To whom it is given"),
    "core_process": _("Core process"),
    "connection": _("Connection"),
    "route": _("Where to ask when it is not connected"),
    "reports_uses_since": _("Reports its uses since"),
    "why": _("Why the city has it"),
    "record_name": _("What one record is called"),
    "sensitivity": _("Sensitivity"),
    "keep_days": _("Days a copy is kept"),
    "label": _("Label"),
    "type": _("Type"),
    "disclosure": _("When it is shown"),
    "about_others": _("About others too"),
    "copied": _("Copied from the population register"),
}


class CatalogueForm(forms.ModelForm):  # type: ignore[type-arg]
    """A row of the catalogue, its fields named in the keeper's language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            bare, _under, language = name.rpartition("_")
            if name in _LABELS:
                field.label = _LABELS[name]
            elif bare in _LABELS and language in _IN_WORDS:
                field.label = format_lazy("{label} {language}", label=_LABELS[bare], language=_IN_WORDS[language])
        for name, told in (("kept_here", KEPT_HELP), ("retired_at", _RETIRED_HELP)):
            if name in self.fields:
                self.fields[name].help_text = told


class EntryForm(CatalogueForm):
    """A department, register or dataset."""

    slug = forms.RegexField(
        r"^[a-z0-9]+(-[a-z0-9]+)*$",
        max_length=60,
        help_text=_("Small letters, digits and hyphens. It stands in addresses and programs, and is never changed."),
        error_messages={"invalid": _("Use small letters, digits and hyphens.")},
    )


class FieldForm(CatalogueForm):
    """A field as the catalogue's files would have it."""

    slug = forms.RegexField(
        r"^[a-z0-9]+(_[a-z0-9]+)*$",
        max_length=60,
        help_text=_("Small letters, digits and underlines. It stands in programs, and is never changed."),
        error_messages={"invalid": _("Use small letters, digits and underlines.")},
    )

    codes = WrittenAsJson(
        label=_("Codes"),
        help_text=_("Of a field of type code: each code with its name in three languages, as JSON."),
        rows=4,
    )

    class Meta:
        model = Field
        exclude: ClassVar[list[str]] = []

    def clean_codes(self) -> dict[str, Any]:
        """Each code with its name in three languages."""
        told = self.cleaned_data["codes"] or {}
        try:
            return {code: text.model_dump() for code, text in _CODES.validate_python(told).items()}
        except Unfit:
            raise ValidationError(_("Give each code its name in Finnish, Swedish and English.")) from None

    def clean(self) -> dict[str, Any]:
        """A field of type code has codes, and no other has; what is about others is not shown at once."""
        cleaned = super().clean() or self.cleaned_data
        if "codes" in cleaned and (cleaned.get("type") == FieldType.CODE) != bool(cleaned["codes"]):
            self.add_error("codes", _("A field of type code has a list of codes, and no other has one."))
        if cleaned.get("about_others") and cleaned.get("disclosure") == Disclosure.AT_ONCE:
            self.add_error("disclosure", _("What is about others is not shown at once."))
        return cleaned
