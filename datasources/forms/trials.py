"""How far to try a source."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datasources.models import TrialKind


class TrialForm(forms.Form):
    """How far to try, and why values are to be seen, if they are."""

    kind = forms.ChoiceField(choices=[(kind.value, kind.label) for kind in TrialKind if not kind.is_look])
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Why masked values are not enough. It is kept in the log."),
        min_length=10,
        max_length=300,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2, "cols": 80}),
    )

    def clean(self) -> dict[str, Any]:
        """Nobody sees values without a reason."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("kind") == TrialKind.UNMASKED and "reason" not in self.errors and not cleaned.get("reason"):
            self.add_error("reason", _("Write the reason."))
        return cleaned
