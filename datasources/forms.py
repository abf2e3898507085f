"""What the back office asks."""

from django import forms

from datasources.models import TrialKind


class TrialForm(forms.Form):
    """How far to try."""

    kind = forms.ChoiceField(choices=TrialKind.choices)
