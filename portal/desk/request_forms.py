"""What staff say of a request: an answer, whom it goes to, why it takes longer, what was found in a register."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.desk.numbers import no_identity_code
from portal.requests.by_hand import MOST_BYTES, kind_of
from portal.requests.enums import BY_TWO, OF_A_QUESTION, Doubt, Law, Longer, Outcome, PartState, RequestKind
from portal.requests.errors import NotAKnownFile
from portal.requests.grounds import grounds_of
from portal.requests.models import Request

_CHOOSE = {"required": _("Choose one of these.")}


class AnswerRequestForm(forms.Form):
    """What came of it, on which ground where not all is given, and the answer; sealed as it is sent."""

    outcome = forms.ChoiceField(label=_("What came of it"), widget=forms.RadioSelect, error_messages=_CHOOSE)
    ground = forms.ChoiceField(
        label=_("Ground, when it is done in part or not done"), required=False, widget=forms.Select
    )
    answer = forms.CharField(
        label=_("The answer, as the person reads it"),
        max_length=4000,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    def __init__(self, *args: Any, asked: Request, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        outcomes = outcomes_of(RequestKind(asked.kind))
        self.fields["outcome"].choices = [(each.value, each.label) for each in outcomes]  # type: ignore[attr-defined]
        if not set(BY_TWO) & set(outcomes):
            del self.fields["ground"]
            return
        grounds = [(each.value, each.label) for each in grounds_of(Law(asked.law))]
        self.fields["ground"].choices = [("", "–"), *grounds]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Whoever refuses says on which ground."""
        told: dict[str, Any] = super().clean() or {}
        if told.get("outcome") in BY_TWO and not told.get("ground"):
            self.add_error("ground", _("Choose the ground."))
        return told


def outcomes_of(kind: RequestKind) -> list[Outcome]:
    """A question about the log has answers of its own."""
    return [outcome for outcome in Outcome if (outcome in OF_A_QUESTION) == (kind == RequestKind.LOG)]


class HandOverForm(forms.Form):
    """Whose it is, and what they should know."""

    department = forms.ChoiceField(label=_("To which department"))
    note = forms.CharField(
        label=_("A note for your colleagues; the person does not see it"),
        required=False,
        max_length=500,
        validators=[no_identity_code],
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, departments: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["department"].choices = list(departments.items())  # type: ignore[attr-defined]


class LongerForm(forms.Form):
    """One of the two reasons that the law knows."""

    longer = forms.ChoiceField(
        label=_("Why it takes longer"), choices=Longer.choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )


class PauseForm(forms.Form):
    """Why it is not clear who asks."""

    doubt = forms.ChoiceField(
        label=_("Why it is paused"), choices=Doubt.choices, widget=forms.RadioSelect, error_messages=_CHOOSE
    )


class PartForm(forms.Form):
    """What came of looking in a register, with the file that was found."""

    state = forms.ChoiceField(
        label=_("What came of it"),
        choices=[
            (PartState.DONE.value, _("Found: add the file")),
            (PartState.NOTHING.value, _("Nothing is held about the person")),
            (PartState.REFUSED.value, _("It cannot be given; I say why in the answer to the request")),
        ],
        widget=forms.RadioSelect,
        error_messages=_CHOOSE,
    )
    file = forms.FileField(label=_("The file: PDF, CSV, JSON, text, PNG or JPEG, 10 MB at the most"), required=False)

    def clean_file(self) -> bytes:
        """Its bytes, by whose beginning it is known; empty where there is none."""
        told = self.cleaned_data["file"]
        if told is None:
            return b""
        body: bytes = told.read(MOST_BYTES + 1)
        try:
            kind_of(body)
        except NotAKnownFile:
            raise ValidationError(
                _("The file is larger than 10 MB, or none of PDF, CSV, JSON, text, PNG and JPEG.")
            ) from None
        return body

    def clean(self) -> dict[str, Any]:
        """A file comes with what was found, and with nothing else."""
        told: dict[str, Any] = super().clean() or {}
        if "file" in told and "state" in told and bool(told["file"]) != (told["state"] == PartState.DONE):
            self.add_error("file", _("Add the file when something was found, and only then."))
        return told
