"""What the back office asks: how far to try a source, how one is reached, and what is read from it."""

import json
from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, ClassVar, Literal, get_args, get_origin

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic import ValidationError as Unfit
from pydantic.fields import FieldInfo

from datasources.catalogue.files import MappingFile
from datasources.catalogue.loader import secrets_of
from datasources.enums import ConnectorKind, KeepsFor
from datasources.errors import MisSet
from datasources.models import Dataset, Field, Source, TrialKind
from datasources.queries.trials import was_tried

SETTING = "setting_"
_OF_SEVERAL_LINES = ("ca", "host_key")


class TrialForm(forms.Form):
    """How far to try."""

    kind = forms.ChoiceField(choices=TrialKind.choices)


def settings_model(kind: str) -> type[BaseModel]:
    """The settings of a kind of connector, secrets among them."""
    model: type[BaseModel] = resolve_name(f"datasources.connectors.{kind}.shape:Settings")
    return model


def secret_names(kind: str) -> set[str]:
    """Which settings of this kind are secrets."""
    return {name for name, info in settings_model(kind).model_fields.items() if _is_secret(info)}


class _Indented(json.JSONEncoder):
    """JSON as a person writes it."""

    def __init__(self, **told: Any) -> None:
        super().__init__(**(told | {"indent": 2, "ensure_ascii": False}))


class _Unseen(forms.Textarea):
    """What is written here is never shown again, nor offered by the browser; keys have several lines."""

    def __init__(self) -> None:
        super().__init__({"rows": 2, "autocomplete": "off", "spellcheck": "false"})

    def format_value(self, value: Any) -> str:
        """Nothing, though the form comes back with a fault elsewhere."""
        return ""


class NewSourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whose system it is and how it is reached; the rest is asked when that is known."""

    class Meta:
        model = Source
        fields = ("department", "slug", "kind")


class SourceForm(forms.ModelForm):  # type: ignore[type-arg]
    """A source's settings, each a field of its own; its secrets, which are never shown; and its mapping.

    After `is_valid`, `settings`, `secrets` and `mapping` are what the source is to have.
    """

    mapping = forms.JSONField(
        label=_("What is read"),
        help_text=_("For each dataset: where it lies, the identity code’s column, and which columns are which fields."),
        widget=forms.Textarea(attrs={"rows": 24, "cols": 100, "spellcheck": "false", "class": "code"}),
        required=False,
        encoder=_Indented,
    )
    settings: dict[str, Any]
    secrets: dict[str, str]

    class Meta:
        model = Source
        fields = (
            *("live", "quiet_from", "quiet_until", "most_in_flight", "keeps_for", "keeps_for_ground"),
            *("switched_on", "mapping"),
        )
        labels: ClassVar[dict[str, Any]] = {
            "switched_on": _("Switched on"),
            "live": _("Asked while a resident waits"),
            "quiet_from": _("Quiet from"),
            "quiet_until": _("Quiet until"),
            "most_in_flight": _("Asked by so many at once"),
            "keeps_for": _("Copies are kept of"),
            "keeps_for_ground": _("Ground for keeping copies of everyone"),
        }
        widgets: ClassVar[dict[str, Any]] = {"keeps_for_ground": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without what every mapping has when nothing is said.
        parts = {name: MappingFile.model_validate(part) for name, part in self.instance.mapping.items()}
        self.initial["mapping"] = {name: part.model_dump(exclude_defaults=True) for name, part in parts.items()}

    def clean_mapping(self) -> dict[str, Any]:
        """Each dataset is one of the department's, names its fields, and is what the connector can read."""
        told = self.cleaned_data["mapping"] or {}
        if not isinstance(told, dict):
            raise ValidationError(_("Write an object with a part for each dataset."))
        return {dataset: _mapping(self.instance, dataset, part) for dataset, part in told.items()}

    def clean(self) -> dict[str, Any]:
        """Settings and secrets together are what the connector takes; faults stand beside their fields."""
        cleaned = super().clean() or self.cleaned_data
        told = {name.removeprefix(SETTING): value for name, value in cleaned.items() if name.startswith(SETTING)}
        hidden = secret_names(self.instance.kind)
        filled = {name: value for name, value in told.items() if name in hidden and value}
        self.secrets = secrets_of(self.instance) | filled
        beside = {name: value for name, value in self.instance.settings.items() if name not in told}
        self.settings = beside | self._decided({name: told[name] for name in told.keys() - hidden})
        try:
            settings_model(self.instance.kind).model_validate(self.settings | self.secrets)
        except Unfit as fault:
            self._tell(fault)
        kind = ConnectorKind(self.instance.kind)
        if kind.is_asked and not kind.lists_everyone and not cleaned.get("live"):
            self.add_error("live", _("This kind of system is only asked about a person while they are here."))
        if (cleaned.get("quiet_from") is None) != (cleaned.get("quiet_until") is None):
            self.add_error("quiet_until", _("Quiet hours have a beginning and an end."))
        if cleaned.get("switched_on") and not self.instance.switched_on and not self._was_tried(cleaned):
            self.add_error("switched_on", _("Make a dry run of what stands here, and see that it ends well."))
        if cleaned.get("keeps_for") == KeepsFor.ALL and not cleaned.get("keeps_for_ground"):
            self.add_error("keeps_for_ground", _("Write the ground: it is shown to everyone."))
        return cleaned

    def _decided(self, told: dict[str, Any]) -> dict[str, Any]:
        """What was filled in. An empty field has its default, and so has one that was left at it."""
        fields, held = settings_model(self.instance.kind).model_fields, self.instance.settings
        filled = {name: value for name, value in told.items() if value not in ("", None)}
        return {name: value for name, value in filled.items() if name in held or value != fields[name].default}

    def _was_tried(self, cleaned: dict[str, Any]) -> bool:
        source = self.instance
        same = (self.settings, self.secrets) == (source.settings, secrets_of(source))
        return same and cleaned.get("mapping") == source.mapping and was_tried(source)

    def _tell(self, fault: Unfit) -> None:
        """Beside each field that is wrong; a rule over several above all. Never what was written: it may be secret."""
        for error in fault.errors(include_input=False, include_context=False, include_url=False):
            name = f"{SETTING}{error['loc'][0]}" if error["loc"] else ""
            missing = error["type"] in ("missing", "string_too_short")
            sentence = _("Fill this in.") if missing else _("This cannot be used: see what it says beside the field.")
            several = [f"{SETTING}{each}" for each in _plain(error["msg"]).split(", ")]
            if name in self.fields:
                self.add_error(name, sentence)
            elif all(each in self.fields for each in several):
                for each in several:
                    self.add_error(each, _("Fill this in."))
            else:
                self.add_error(None, gettext("These do not go together: %(what)s.") % {"what": _plain(error["msg"])})


def source_form(source: Source) -> type[SourceForm]:
    """The form of this source: a field for each setting of its kind."""
    held = secrets_of(source)
    fields = {
        f"{SETTING}{name}": _field(name, info, source.settings, held=name in held)
        for name, info in settings_model(source.kind).model_fields.items()
    }
    return type("SourceForm", (SourceForm,), fields)


def _field(name: str, info: FieldInfo, settings: Mapping[str, Any], *, held: bool) -> forms.Field:
    label, text = gettext(info.title) if info.title else name, gettext(info.description) if info.description else ""
    if _is_secret(info):
        kept = _("There is one. Left empty, it stays as it is.") if held else _("There is none yet.")
        return forms.CharField(label=label, help_text=f"{text} {kept}", widget=_Unseen, required=False, strip=False)
    initial = settings.get(name, None if info.is_required() else info.default)
    common: dict[str, Any] = {"label": label, "help_text": text, "initial": initial, "required": False}
    kind = info.annotation
    if get_origin(kind) is Literal:
        return forms.ChoiceField(choices=[(each, each) for each in get_args(kind)], **common)
    if kind is bool:
        return forms.BooleanField(**common)
    if kind is int:
        return forms.IntegerField(**common)
    if kind is float:
        return forms.FloatField(**common)
    long = forms.Textarea(attrs={"rows": 3, "spellcheck": "false"})
    return forms.CharField(widget=long if name in _OF_SEVERAL_LINES else AdminTextInputWidget, **common)


def _is_secret(info: FieldInfo) -> bool:
    return isinstance(info.json_schema_extra, dict) and bool(info.json_schema_extra.get("secret"))


def _mapping(source: Source, dataset: str, part: Any) -> dict[str, Any]:
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


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ").rstrip(".")
