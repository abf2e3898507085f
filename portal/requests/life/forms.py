"""What staff may send about a life."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.i18n.dates import day_text
from portal.keys.indexes import NotAnIdentityCode, normal_identity_code
from portal.requests.life.enums import Goes, LifeKind, Seen
from portal.requests.life.things import Thing
from portal.staff.unshown import Unshown

_TWO_CODES = (LifeKind.CODE, LifeKind.JOIN, LifeKind.SPLIT)


def _code(told: str) -> str:
    """As it is written in the register; the code itself is in no message."""
    try:
        return normal_identity_code(told) if told else ""
    except NotAnIdentityCode:
        raise ValidationError(_("This is not an identity code.")) from None


class ConfirmForm(forms.Form):
    """The codes as they stand in the papers of the case: they are not shown from what was told."""

    identity_code = forms.CharField(
        label=_("Identity code of the person"),
        max_length=20,
        widget=Unshown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    new_code = forms.CharField(
        label=_("Second identity code: the new one, that of the other account that holds now, or of the other person"),
        required=False,
        max_length=20,
        widget=Unshown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_identity_code(self) -> str:
        """The one by which the person is known here."""
        return _code(self.cleaned_data["identity_code"])

    def clean_new_code(self) -> str:
        """The one by which they will be known."""
        return _code(self.cleaned_data["new_code"])


class SplitForm(ConfirmForm):
    """Of an account of two people, also whether it was a breach: nobody may pass that question over."""

    seen = forms.ChoiceField(
        label=_("May one of them have seen the other’s data?"), choices=[("", "—"), *Seen.choices], required=True
    )

    field_order = ("identity_code", "new_code", "seen")


class WhoseForm(forms.Form):
    """One choice for each thing that stands in an account of two people."""

    def __init__(self, things: Iterable[Thing], said: Mapping[str, str], data: Any = None) -> None:
        super().__init__(data)
        for thing in things:
            since = day_text(thing.since) if thing.since else ""
            label = ", ".join(filter(None, (str(thing.what), thing.number, since)))
            first = Goes(said.get(thing.key, thing.goes))
            self.fields[thing.key] = forms.ChoiceField(label=label, choices=Goes, initial=first)


class CaseForm(forms.Form):
    """In which case an officer looks into what the register told."""

    case = forms.RegexField(r"^[A-Za-z0-9 /.:-]{1,60}$", label=_("Number of the case"))


class TellForm(ConfirmForm):
    """What happened, to whom, in which case."""

    kind = forms.ChoiceField(label=_("What happened"), choices=LifeKind)
    case = forms.RegexField(r"^[A-Za-z0-9 /.:-]{1,60}$", label=_("Number of the case"))

    field_order = ("kind", "identity_code", "new_code", "case")

    def clean(self) -> dict[str, Any]:
        """A second code where there are two, and nowhere else."""
        told: dict[str, Any] = super().clean() or {}
        if "new_code" in told and (told.get("kind") in _TWO_CODES) != bool(told["new_code"]):
            self.add_error("new_code", _("Write the second identity code if there are two, and only then."))
        if told.get("new_code") and told["new_code"] == told.get("identity_code"):
            self.add_error("new_code", _("The two identity codes are the same."))
        return told
