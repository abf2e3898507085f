"""What staff say of a return address."""

from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from consents.models import ReturnAddress
from consents.rules.returning import is_return_address
from portal.rest.models import Client


class ReturnAddressForm(forms.ModelForm):  # type: ignore[type-arg]
    """Which system leads people here, and where they are led back to."""

    client = forms.ChoiceField(label=_("System"))
    address = forms.CharField(
        label=_("Address"),
        help_text=_("As in https://sports.example/courses/. With a slash at the end it covers what lies below it."),
        max_length=300,
        widget=forms.TextInput(attrs={"size": 80}),
    )
    departments: ClassVar[list[str]] = []

    class Meta:
        model = ReturnAddress
        fields = ("address",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = Client.objects.filter(switched_on=True, scopes__contains=["consents:request"])
        rows = rows if "*" in self.departments else rows.filter(department__in=self.departments)
        self.systems = {str(row.pk): row for row in rows}
        shown = [(pk, f"{row.name} ({row.department})") for pk, row in self.systems.items()]
        self.fields["client"].choices = shown  # type: ignore[attr-defined]

    def clean_address(self) -> str:
        """Exactly what a browser will ask for."""
        address: str = self.cleaned_data["address"]
        if not is_return_address(address, plain_http=settings.PLAIN_HTTP):
            raise ValidationError(_("Write an address that begins with https:// and holds no more than host and path."))
        return address

    def chosen(self) -> Client:
        """Once valid."""
        return self.systems[self.cleaned_data["client"]]
