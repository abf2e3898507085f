"""What a resident may send of what is to be erased."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class EraseForm(forms.Form):
    """Everything, or one register at least."""

    everything = forms.BooleanField(required=False)
    registers = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["registers"] = forms.MultipleChoiceField(required=False, choices=list(offered))

    def clean(self) -> dict[str, Any]:
        """Something has to be chosen."""
        told: dict[str, Any] = super().clean() or {}
        if not (told.get("everything") or told.get("registers")):
            raise forms.ValidationError(_("Choose everything or one register at least."))
        return told
