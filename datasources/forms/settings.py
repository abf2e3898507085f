"""The settings of each kind of connector as form fields."""

from collections.abc import Mapping
from pkgutil import resolve_name
from typing import Any, Literal, get_args, get_origin

from django import forms
from django.contrib.admin.widgets import AdminTextInputWidget
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import BaseModel
from pydantic.fields import FieldInfo

_OF_SEVERAL_LINES = ("ca", "host_key", "erasing")


def settings_model(kind: str) -> type[BaseModel]:
    """The settings of a kind of connector, secrets among them."""
    model: type[BaseModel] = resolve_name(f"datasources.connectors.{kind}.shape:Settings")
    return model


def secret_names(kind: str) -> set[str]:
    """Which settings of this kind are secrets."""
    return {name for name, info in settings_model(kind).model_fields.items() if _is_secret(info)}


class _Unseen(forms.Textarea):
    """What is written here is never shown again, nor offered by the browser; keys have several lines."""

    def __init__(self) -> None:
        super().__init__({"rows": 2, "autocomplete": "off", "spellcheck": "false"})

    def format_value(self, value: Any) -> str:
        """Nothing, though the form comes back with a fault elsewhere."""
        return ""


def field_of(name: str, info: FieldInfo, settings: Mapping[str, Any], *, held: bool) -> forms.Field:
    """The form field of one setting; `held`: a secret that there is already."""
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
