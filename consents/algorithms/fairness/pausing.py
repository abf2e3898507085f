"""A system whose evaluation was over a limit is paused by staff: one press, with a reason that everyone may read."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.db import transaction
from django.utils.translation import gettext, override
from django.utils.translation import gettext_lazy as _

from consents.algorithms.enums import AlgorithmState
from consents.algorithms.fairness.faults import NotNow
from consents.algorithms.fairness.plans import LANGUAGES
from consents.algorithms.fairness.queries import has_failed
from consents.algorithms.fairness.steps import held
from consents.algorithms.models import Evaluation
from consents.algorithms.publishing.states import LONGEST_REASON, change_state
from consents.forms import LANGUAGE_NAMES
from portal.i18n.dates import day_text
from portal.ledger.actor import Actor


class PauseForm(forms.Form):
    """The reason in three languages; it begins with what the evaluation came to."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        why = _("Why it is paused")
        for language in LANGUAGES:
            widget = forms.Textarea(attrs={"rows": 2, "lang": language})
            label = f"{why} ({LANGUAGE_NAMES[language]})"
            self.fields[language] = forms.CharField(label=label, max_length=LONGEST_REASON, widget=widget)

    @property
    def reason(self) -> dict[str, str]:
        """{language: text}."""
        return {language: self.cleaned_data[language] for language in LANGUAGES}


def pausing_reason(row: Evaluation) -> dict[str, str]:
    """{language: sentence}, to begin with."""
    found = {}
    for language in LANGUAGES:
        with override(language):
            day = day_text(row.computed_at.date()) if row.computed_at else ""
            told = gettext("In the evaluation of %(day)s groups were treated more unequally than the limits allow.")
            found[language] = told % {"day": day}
    return found


@transaction.atomic
def pause(evaluation: UUID, *, reason: dict[str, str], by: Actor, at: datetime) -> None:
    """NotNow unless the evaluation was over a limit; and what `change_state` refuses."""
    row = held(evaluation)
    if not has_failed(row):
        raise NotNow
    change_state(row.algorithm_id, to=AlgorithmState.PAUSED, reason=reason, by=by, at=at)
