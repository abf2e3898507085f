"""What a mapping says beside its fields: whose a record is, in which order, and how a list goes on."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datasources.enums import ConnectorKind

Item = Mapping[str, Any]
Choices = list[tuple[str, Any]]
_LISTS = (ConnectorKind.REST, ConnectorKind.XROAD)
# Those whose key is not told with the place, and is no choice among what was seen.
_WITHOUT_KEY, _WITH_PATH = (ConnectorKind.SQL, ConnectorKind.PUSH), (ConnectorKind.GDPR_API,)


def rest_fields(kind: str, told: Item, seen: Item, choices: Choices) -> dict[str, forms.Field]:
    """The fields of this kind of system. `told`: what is known of it; `choices`: the parts that were seen."""
    fields: dict[str, forms.Field] = {}
    if kind not in _WITHOUT_KEY:
        key = told.get("key") or seen.get("key", "")
        fields["key"] = _choice(_("Whose record it is"), _("Where the identity code stands."), key, choices, kind)
    if kind == ConnectorKind.FILES:
        text = _("If there is one. It must agree with the code, and is not kept.")
        fields["born"] = _choice(_("Birth date"), text, told.get("born", ""), choices, kind, required=False)
    if kind == ConnectorKind.SQL:
        text = _("By which rows come in the same order each night.")
        order = ", ".join(told.get("order", ()))
        fields["order"] = _choice(_("Order"), text, order, choices, kind, required=False)
        text = _("When each row was last written, if that is told. Then only what changed is read each night.")
        watermark = told.get("watermark", "")
        fields["watermark"] = _choice(_("Time of change"), text, watermark, choices, kind, required=False)
    if kind in _LISTS:
        fields["items"] = _text(_("List in the answer"), _("Where in an answer the records stand."), told.get("items"))
        text = _("Where an answer tells how to ask for the next page.")
        fields["next"] = _text(_("Next page"), text, told.get("next"), required=False)
    if ConnectorKind(kind).lists_everyone:
        fields["may_be_empty"] = forms.BooleanField(
            label=_("It may be empty"),
            help_text=_("Nobody at all, after there was somebody, is then no fault, but means that nothing is held."),
            initial=told.get("may_be_empty", False),
            required=False,
        )
    return fields


def _choice(label: Any, text: Any, initial: str, choices: Choices, kind: str, *, required: bool = True) -> forms.Field:
    # Nothing was seen, or it is no part of a record.
    if len(choices) <= 1 or kind in _WITH_PATH:
        return _text(label, text, initial, required=required)
    known = {name for name, _ in _flat(choices)}
    more = [(initial, initial)] if initial and initial not in known else []
    offered = [("", "–"), *choices[1:], *more]
    return forms.ChoiceField(label=label, help_text=text, choices=offered, initial=initial, required=required)


def _flat(choices: Choices) -> Choices:
    return [each for name, told in choices for each in (told if isinstance(told, list) else [(name, told)])]


def _text(label: Any, text: Any, initial: Any, *, required: bool = True) -> forms.Field:
    widget = forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"})
    return forms.CharField(label=label, help_text=text, initial=initial or "", required=required, widget=widget)


def rest_of(kind: str, cleaned: Item, held: Item) -> dict[str, Any]:
    """The same in the words of a mapping."""
    told = {name: cleaned[name] for name in ("key", "born", "watermark", "items", "next") if name in cleaned}
    if "may_be_empty" in cleaned:
        told["may_be_empty"] = cleaned["may_be_empty"]
    if "order" in cleaned:
        # Several columns are told by an expert, and stay as long as nobody chooses another.
        same = cleaned["order"] == ", ".join(held.get("order", ()))
        told["order"] = held.get("order", []) if same else [cleaned["order"]] if cleaned["order"] else []
    if kind == ConnectorKind.REST and not told.get("next"):
        told.pop("next", None)
    return told
