"""What a resident may send about the data of their watch or phone."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from datasources.wearables.points import Device

ALL, PERIOD = "all", "period"
DAYS = (30, 90, 365)
_FIRSTS = (Device.WATCH, Device.PHONE)


class ChoicesForm(forms.Form):
    """Which device goes first; how many days are handed over. What is not sent stays as it is."""

    first = forms.ChoiceField(choices=[(each.value, each.value) for each in _FIRSTS], required=False)
    days = forms.TypedChoiceField(
        choices=[(str(each), str(each)) for each in DAYS], coerce=int, empty_value=None, required=False
    )

    area = forms.RegexField(
        r"\A[0-9]{5}\Z", required=False, error_messages={"invalid": _("A postcode has five digits.")}
    )

    @property
    def chosen(self) -> dict[str, Any]:
        """As `choose` takes it."""
        first, days = self.cleaned_data["first"], self.cleaned_data["days"]
        rest = [each for each in Device if each.value != first]
        area = self.cleaned_data["area"] if "area" in self.data else None
        return {"priority": [Device(first), *rest] if first else None, "days_shared": days, "area": area}


class ShareForm(forms.Form):
    """Which of the data that may be left out is looked at."""

    optional = forms.MultipleChoiceField(required=False)

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["optional"] = forms.MultipleChoiceField(required=False, choices=list(offered))


class RemoveForm(forms.Form):
    """A source by its number in the list, a period with both its days, or everything."""

    what = forms.ChoiceField(error_messages={"required": _("Choose what to remove.")})
    since = forms.DateField(required=False, error_messages={"invalid": _("Give the first day as 1.6.2026.")})
    until = forms.DateField(required=False, error_messages={"invalid": _("Give the last day as 30.6.2026.")})

    def __init__(self, *args: Any, sources: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [*sources, (PERIOD, PERIOD), (ALL, ALL)]
        missing = {"required": _("Choose what to remove."), "invalid_choice": _("Choose what to remove.")}
        self.fields["what"] = forms.ChoiceField(choices=offered, error_messages=missing)
        for name in ("since", "until"):
            # The same two ways in every language: as browsers send it, and as people here write it.
            self.fields[name].input_formats = ["%Y-%m-%d", "%d.%m.%Y"]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A period has two days in their order."""
        told = super().clean() or {}
        if told.get("what") == PERIOD:
            since, until = told.get("since"), told.get("until")
            if since is None or until is None or since > until:
                self.add_error("since", _("Give the first and the last day of the period."))
        return told
