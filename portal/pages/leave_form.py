"""What a resident may send of what they take along when they move."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

ONESELF = "oneself"


class ItemsForm(forms.Form):
    """Items, nothing preselected, one at least."""

    items = forms.MultipleChoiceField(
        error_messages={
            "required": _("Choose one kind of data at least."),
            "invalid_choice": _("Something that you chose is no longer here. Choose anew."),
        },
    )

    def __init__(self, *args: Any, offered: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = list(offered)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[str]:
        """What is ticked on the page."""
        return list(self.data.getlist("items")) if self.is_bound else []  # type: ignore[attr-defined]


class LeaveForm(ItemsForm):
    """And for whom: oneself, or one of the cities that can open it; `sealed`: only it can."""

    receiver = forms.ChoiceField(
        error_messages={"required": _("Choose who it is for."), "invalid_choice": _("Choose who it is for.")},
    )
    sealed = forms.BooleanField(required=False)

    def __init__(self, *args: Any, cities: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["receiver"].choices = [(ONESELF, ""), *cities]  # type: ignore[attr-defined]
        # Where there is no choice, none is asked for.
        self.fields["receiver"].required = bool(cities)

    @property
    def receiver_chosen(self) -> str:
        """What is chosen on the page."""
        return str(self.data.get("receiver", "")) if self.is_bound else ""

    @property
    def city_chosen(self) -> str:
        """Its slug; empty for oneself."""
        receiver = str(self.cleaned_data.get("receiver") or ONESELF)
        return "" if receiver == ONESELF else receiver
