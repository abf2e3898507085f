"""Trust in other cities, in the back office: their keys, and writing down that one of them is in other hands."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from datasources.transfers.models import CityKeys, WithdrawnKey
from datasources.transfers.trust.cities import trusted_cities
from datasources.transfers.trust.withdrawing import withdraw_key
from portal.people.actors import actor_of
from portal.staff.manners import ReadOnly


@admin.register(CityKeys)
class CityKeysAdmin(ReadOnly[CityKeys]):
    """Which keys each city last published, and how old that is."""

    list_display = ("city", "names", "asked_at", "fetched_at")
    fields = ("city", "names", "asked_at", "fetched_at")

    @admin.display(description=_("Names of its keys (kid)"))
    def names(self, row: CityKeys) -> str:
        """As the city's key set names them."""
        return ", ".join(key["kid"] for key in row.keys) or "–"


class WithdrawnKeyForm(forms.ModelForm):  # type: ignore[type-arg]
    """Whose key, which, since when and why."""

    class Meta:
        model = WithdrawnKey
        fields = ("city", "kid", "withdrawn_at", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(city.slug, str(city.name)) for city in trusted_cities()]
        self.fields["city"] = forms.ChoiceField(label=_("City"), choices=choices)

    def clean(self) -> dict[str, Any]:
        """One key is withdrawn once, and not from a moment that is yet to come."""
        told = self.cleaned_data
        since = told.get("withdrawn_at")
        if since and since > timezone.now():
            self.add_error("withdrawn_at", _("That is later than now."))
        if WithdrawnKey.objects.filter(city=told.get("city", ""), kid=told.get("kid", "")).exists():
            self.add_error("kid", _("This key is withdrawn already."))
        return told


@admin.register(WithdrawnKey)
class WithdrawnKeyAdmin(ReadOnly[WithdrawnKey]):
    """Added once and for all: what was signed in other hands is not to be believed again."""

    list_display = ("city", "kid", "withdrawn_at", "reason", "written_at")
    list_filter = ("city",)
    form = WithdrawnKeyForm

    def has_add_permission(self, request: HttpRequest) -> bool:
        """The data protection officer's."""
        return request.user.has_perm("transfers.add_withdrawnkey")

    def save_model(self, request: HttpRequest, obj: WithdrawnKey, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the action that holds the rules."""
        by, at = actor_of(request), timezone.now()
        obj.pk = withdraw_key(obj.city, obj.kid, since=obj.withdrawn_at, reason=obj.reason, by=by, at=at).pk
