"""What staff may send at a service point."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consents.enums import Channel, DeskReason
from portal.desk.numbers import case_number, no_identity_code
from portal.keys.indexes import NotAnIdentityCode, normal_identity_code
from portal.pages.forms import NO, YES
from portal.people.actions import Names
from portal.servicepoint.asked import Asked
from portal.staff.unshown import Unshown

_LANGUAGES = [("fi", _("In Finnish")), ("sv", _("In Swedish")), ("en", _("In English"))]
_REQUIRED = {"required": _("Choose one of these.")}


class OpenForm(forms.Form):
    """Whom to open, who is there in their place, and why. A code is never shown again."""

    identity_code = forms.CharField(
        label=_("Identity code of the person whose matters these are"),
        max_length=20,
        widget=Unshown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    reason = forms.ChoiceField(
        label=_("Why the person does not do this online"),
        choices=DeskReason.choices,
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    case = forms.CharField(
        label=_("Number of the case or the visit"),
        max_length=60,
        error_messages={"required": _("Write the number of the case or the visit.")},
        validators=[case_number, no_identity_code],
    )
    acting_code = forms.CharField(
        label=_("Identity code of the one who is here and acts for the person"),
        required=False,
        max_length=20,
        widget=Unshown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    given_names = forms.CharField(label=_("Given names"), required=False, max_length=200)
    family_name = forms.CharField(label=_("Family name"), required=False, max_length=200)

    def clean_identity_code(self) -> str:
        """As it is written in the register; the code itself is in no message."""
        return _written(self.cleaned_data["identity_code"])

    def clean_acting_code(self) -> str:
        """The same, or empty."""
        code = self.cleaned_data["acting_code"]
        return _written(code) if code else ""

    def clean(self) -> dict[str, Any]:
        """Nobody acts for themselves."""
        told = super().clean() or self.cleaned_data
        if told.get("acting_code") and told["acting_code"] == told.get("identity_code"):
            self.add_error("acting_code", _("This is the same person. Leave this empty."))
        return told

    @property
    def asked(self) -> Asked:
        """Once valid."""
        told = self.cleaned_data
        given, family = told["given_names"], told["family_name"]
        names = Names(given, family) if given and family else None
        return Asked(told["identity_code"], told["reason"], told["case"], names, told["acting_code"])


def _written(code: str) -> str:
    try:
        return normal_identity_code(code)
    except NotAnIdentityCode:
        raise ValidationError(_("This is not an identity code. Check it in the document.")) from None


class RecordForm(forms.Form):
    """What the person answered, how it came, and whether to write home about it: nothing is chosen beforehand."""

    text = forms.UUIDField(widget=forms.HiddenInput)
    answer = forms.ChoiceField(
        label=_("What the person answers"),
        choices=[(YES, _("Yes, I allow this")), (NO, _("No, I do not allow this"))],
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    optional = forms.MultipleChoiceField(
        label=_("What else may be used, as the person chooses"), required=False, widget=forms.CheckboxSelectMultiple
    )
    language = forms.ChoiceField(choices=settings.LANGUAGES, widget=forms.HiddenInput)
    channel = forms.ChoiceField(
        label=_("How the answer came"),
        choices=[(Channel.DESK, _("At the service point")), (Channel.PAPER, _("On paper"))],
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )
    paper = forms.CharField(
        label=_("Number of the scanned paper"),
        required=False,
        max_length=60,
        validators=[case_number, no_identity_code],
    )
    write_home = forms.ChoiceField(
        label=_("May we write home about this? Ask each time."),
        choices=[("yes", _("Yes, in the way they chose in the service")), ("no", _("No"))],
        widget=forms.RadioSelect,
        error_messages=_REQUIRED,
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["optional"].choices = list(offered)  # type: ignore[attr-defined]
        if not offered:
            del self.fields["optional"]

    def told(self) -> list[tuple[str, str]]:
        """Once valid: every field and value, to be sent again when it is confirmed."""
        return [(name, str(value)) for name in self.fields for value in self._chosen(name)]

    def summary(self) -> list[tuple[str, str]]:
        """Once valid: (label, what was chosen), of what is seen."""
        found = []
        for name in [each for each in self.fields if each not in {"text", "language"}]:
            labels = dict(getattr(self.fields[name], "choices", ()))
            chosen = ", ".join(str(labels.get(value, value)) for value in self._chosen(name))
            found.append((str(self.fields[name].label), chosen or "–"))
        return found

    def _chosen(self, name: str) -> list[Any]:
        said = self.cleaned_data.get(name)
        return said if isinstance(said, list) else [said]

    def clean(self) -> dict[str, Any]:
        """A paper has its number, so that it can be found; what was said at the desk has none."""
        told = super().clean() or self.cleaned_data
        if told.get("channel") == Channel.PAPER and not told.get("paper") and "paper" not in self.errors:
            self.add_error("paper", _("Write the number under which the scanned paper is kept."))
        if told.get("channel") == Channel.DESK:
            told["paper"] = ""
        return told


class StopAtDeskForm(RecordForm):
    """Taking back: nothing is answered and nothing left out; whoever got data may be asked to erase it."""

    erase = forms.MultipleChoiceField(
        label=_("What the person also wants"),
        choices=[(YES, _("That the receiver is asked to erase the data it got with this permission"))],
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["answer"]


class NumberForm(forms.Form):
    """The eight digits that a colleague says aloud; spaces between them do not matter."""

    number = forms.CharField(label=_("The number that your colleague says"), max_length=20, widget=Unshown)

    def clean_number(self) -> str:
        """The digits alone."""
        return "".join(self.cleaned_data["number"].split())
