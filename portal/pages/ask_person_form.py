"""What a resident sends to ask a person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.pages.asked_words import MOST, only_seen


class AskPersonForm(forms.Form):
    """Whom it is for, and the question."""

    whom = forms.ChoiceField(
        error_messages={"required": _("Choose whom you ask."), "invalid_choice": _("Choose whom you ask.")}
    )
    said = forms.CharField(
        max_length=MOST,
        validators=[only_seen],
        error_messages={
            "required": _("Write your question."),
            "max_length": _("The text is too long. Write 2,000 characters at the most."),
        },
    )

    def __init__(self, *args: Any, whom: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["whom"].choices = list(whom)  # type: ignore[attr-defined]
