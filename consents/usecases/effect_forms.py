"""What staff may write down of a case's effect: what is expected of it, and what a month cost."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from consents.forms import LANGUAGE_NAMES
from consents.usecases.actions.expecting import Spending, Thought
from consents.usecases.enums import CostKind, Counted
from consents.usecases.forms import public
from consents.usecases.models import Expectation
from consents.usecases.texts import LANGUAGES

_WHAT = ("resident", "staff", "euro")
_BOUNDS = ("low", "likely", "high")
NUMBERS = (
    *(f"{what}_{bound}" for what in _WHAT for bound in _BOUNDS),
    *("uses_a_year", "build_euro", "yearly_euro"),
)
# More than anybody could mean, and what the columns hold.
_MOST_MINUTES, _MOST_EURO, _MOST_NUMBER = 10_000, 100_000, 100_000_000
_FIRST_YEAR = 2015


class ExpectForm(forms.ModelForm):  # type: ignore[type-arg]
    """A version of what is expected; `after_trial`: it needs its reason, in three languages."""

    class Meta:
        model = Expectation
        fields = ("counted", *NUMBERS)

    def __init__(self, *args: Any, after_trial: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NUMBERS:
            most = _MOST_NUMBER if name in NUMBERS[-3:] else _MOST_EURO if name.startswith("euro") else _MOST_MINUTES
            # Money and time that is lost, not saved, is a reason to drop a case and not an effect to count.
            self.fields[name] = self._number(name, most)
        for language in LANGUAGES if after_trial else ():
            self.fields[f"reason_{language}"] = forms.CharField(
                label=_("Why it is changed, in %(language)s") % {"language": LANGUAGE_NAMES[language]},
                max_length=600,
                widget=forms.Textarea(attrs={"rows": 3, "cols": 80, "lang": language}),
                validators=[public],
                error_messages={"required": _("Write the reason in all three languages.")},
            )

    def _number(self, name: str, most: int) -> forms.Field:
        label = self.fields[name].label
        if name in NUMBERS[-3:]:
            return forms.IntegerField(label=label, min_value=0, max_value=most)
        places = 2 if name.startswith("euro") else 1
        return forms.DecimalField(label=label, min_value=0, max_value=most, decimal_places=places, localize=True)

    def clean(self) -> dict[str, Any]:
        """The lowest is not above what is likely, nor that above the highest."""
        told: dict[str, Any] = super().clean() or {}
        for what in _WHAT:
            bounds = [told[name] for bound in _BOUNDS if (name := f"{what}_{bound}") in told]
            if len(bounds) == len(_BOUNDS) and bounds != sorted(bounds):
                self.add_error(f"{what}_likely", _("It must lie between the two others."))
        return told

    def fieldsets(self) -> Iterator[BoundField]:
        """Every field, in its order."""
        return (self[name] for name in self.fields)

    def thought(self) -> Thought:
        """What passed."""
        told = self.cleaned_data
        reason = {language: told[f"reason_{language}"] for language in LANGUAGES if f"reason_{language}" in told}
        return Thought(Counted(told["counted"]), {name: told[name] for name in NUMBERS}, reason)


class CostForm(forms.Form):
    """What one month cost, to build or to run."""

    month = forms.CharField(
        label=_("Month, as 2026-11"), max_length=7, widget=forms.TextInput(attrs={"size": 8, "inputmode": "numeric"})
    )
    kind = forms.ChoiceField(label=_("Cost"), choices=CostKind.choices)
    euro = forms.IntegerField(label=_("Euro"), min_value=0, max_value=_MOST_NUMBER)
    reason = forms.CharField(
        label=_("Where the number comes from, or why it changes"),
        max_length=300,
        validators=[public],
        widget=forms.TextInput(attrs={"size": 80}),
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today = today

    def clean_month(self) -> date:
        """The first day of a month that has begun."""
        told = str(self.cleaned_data["month"]).strip()
        try:
            month = date.fromisoformat(f"{told}-01")
        except ValueError:
            raise ValidationError(_("Write the month as year and number, for example 2026-11.")) from None
        if month > self._today or month.year < _FIRST_YEAR:
            raise ValidationError(_("The month has not begun, or is too long ago."))
        return month

    def spending(self) -> Spending:
        """What passed."""
        told = self.cleaned_data
        return Spending(told["month"], CostKind(told["kind"]), told["euro"], told["reason"])
