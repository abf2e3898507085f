"""What the data protection officer may send about holds."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.queries.holdings import public_registers
from portal.keys.indexes import NotAnIdentityCode, normal_identity_code
from portal.requests.erasing.enums import HoldReason
from portal.staff.unshown import Unshown


class HoldForm(forms.Form):
    """One person by their identity code, or one register; why, by which law, in which case, until when."""

    identity_code = forms.CharField(
        label=_("Identity code of the person"),
        required=False,
        max_length=20,
        widget=Unshown(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    register = forms.ChoiceField(label=_("Register"), required=False)
    reason = forms.ChoiceField(label=_("Reason"), choices=HoldReason.choices)
    law = forms.CharField(
        label=_("Law"), max_length=80, help_text=_("As the person reads it: the law and its section.")
    )
    case = forms.RegexField(r"^[A-Za-z0-9 /.:-]{1,60}$", label=_("Number of the case"))
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        registers = [(each.slug, each.name) for each in public_registers()]
        self.fields["register"] = forms.ChoiceField(
            label=_("Register"), required=False, choices=[("", _("One person")), *registers]
        )

    def clean_identity_code(self) -> str:
        """As it is written in the register; the code itself is in no message."""
        code = self.cleaned_data["identity_code"]
        try:
            return normal_identity_code(code) if code else ""
        except NotAnIdentityCode:
            raise ValidationError(_("This is not an identity code.")) from None

    def clean(self) -> dict[str, Any]:
        """A person or a register, and a day that is to come."""
        told: dict[str, Any] = super().clean() or {}
        if bool(told.get("identity_code")) == bool(told.get("register")):
            raise ValidationError(_("Tell a person or a register, one of them."))
        if (until := told.get("until")) and until <= timezone.localdate():
            self.add_error("until", _("Choose a day that is to come."))
        return told
