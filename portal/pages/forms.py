"""What a resident may send."""

from collections.abc import Collection, Sequence
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from consents.enums import Ground
from portal.notices.enums import Way

YES, NO = "yes", "no"


class AnswerForm(forms.Form):
    """Yes or no, nothing preselected; optional data one by one; the text that was shown."""

    answer = forms.ChoiceField(
        choices=[(YES, _("Yes, I allow this")), (NO, _("No, I do not allow this"))],
        error_messages={"required": _("Choose Yes or No."), "invalid_choice": _("Choose Yes or No.")},
    )
    text = forms.UUIDField()
    optional = forms.MultipleChoiceField(required=False)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]] = (), in_parts: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["optional"] = forms.MultipleChoiceField(required=False, choices=list(offered))
        self.in_parts = in_parts

    def clean(self) -> dict[str, Any]:
        """A yes to data in parts, of which each may be left out, is a yes to one of them at least."""
        told = super().clean() or {}
        if self.in_parts and told.get("answer") == YES and "optional" in told and not told["optional"]:
            self.add_error("optional", _("Choose one part at least, or answer no."))
        return told


class StopForm(forms.Form):
    """The press itself, and whether to ask the receiver to erase what it got."""

    erase = forms.BooleanField(required=False)


class ChangeForm(forms.Form):
    """Which of the optional data a permission covers, and the text that it was given to."""

    text = forms.UUIDField()
    optional = forms.MultipleChoiceField(required=False)

    def __init__(
        self, *args: Any, offered: Sequence[tuple[str, str]] = (), in_parts: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        missing = {"required": _("Choose one part at least, or take the permission back.")}
        choices = list(offered)
        self.fields["optional"] = forms.MultipleChoiceField(required=in_parts, choices=choices, error_messages=missing)


class LettersForm(forms.Form):
    """Whether, how, about what and in which language to write; only the ways that are offered."""

    way = forms.ChoiceField()
    digest = forms.BooleanField(required=False)
    desk = forms.BooleanField(required=False)
    language = forms.ChoiceField(choices=settings.LANGUAGES)

    def __init__(self, *args: Any, ways: Sequence[Way], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["way"] = forms.ChoiceField(choices=[(way.value, way.label) for way in ways])


class AskForm(forms.Form):
    """What the resident wants to say about a row of the log; nothing has to be said."""

    said = forms.CharField(required=False, max_length=2000)


class StopAlgorithmForm(forms.Form):
    """What somebody says against an algorithm; an objection that is weighed tells their situation (GDPR 21(1))."""

    said = forms.CharField(
        required=False,
        max_length=2000,
        error_messages={
            "required": _("Tell about your situation."),
            "max_length": _("The text is too long. Write 2,000 characters at the most."),
        },
    )

    def __init__(self, *args: Any, weighed: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["said"].required = weighed


class CorrectForm(forms.Form):
    """Which of the shown values is wrong, and what is right; whether it may be used meanwhile."""

    slug = forms.ChoiceField(
        error_messages={"required": _("Choose what is wrong."), "invalid_choice": _("Choose what is wrong.")}
    )
    told = forms.CharField(max_length=500, error_messages={"required": _("Write what would be right.")})
    said = forms.CharField(required=False, max_length=2000)
    hold = forms.BooleanField(required=False)

    def __init__(self, *args: Any, values: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["slug"].choices = list(values)  # type: ignore[attr-defined]


class LimitForm(forms.Form):
    """What is held back, `register:slug` or `purpose:slug`, and why; `said` where the ground is one's own situation.

    `unweighed`: of what stands by itself no ground is asked (GDPR 21(2)).
    """

    what = forms.ChoiceField(
        error_messages={
            "required": _("Choose what this is about."),
            "invalid_choice": _("Choose what this is about."),
        }
    )
    ground = forms.ChoiceField(
        error_messages={"required": _("Choose a reason."), "invalid_choice": _("Choose a reason.")}
    )
    said = forms.CharField(required=False, max_length=2000)

    def __init__(
        self,
        *args: Any,
        things: Sequence[tuple[str, str]],
        grounds: Sequence[tuple[str, str]],
        unweighed: Collection[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.unweighed = unweighed
        if self.data.get("what") in unweighed:
            self.fields["ground"].required = False
        self.fields["what"].choices = list(things)  # type: ignore[attr-defined]
        self.fields["ground"].choices = list(grounds)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """An objection tells the person's own situation; what is weighed has to be known (GDPR 21(1))."""
        told = super().clean() or {}
        weighed = told.get("what") not in self.unweighed
        if weighed and told.get("ground") == Ground.SITUATION and not told.get("said"):
            self.add_error("said", _("Tell about your situation."))
        return told
