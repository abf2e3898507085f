"""Department systems that call the API, in the back office: let in, bounded, given a secret, switched off at once."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.desk.forms import ClientForm, NewClientForm
from portal.i18n.dates import moment_text
from portal.ledger.actor import Actor
from portal.people.actors import actor_of
from portal.rest.actions import change_client, end_secrets, make_client, make_secret, switch_off, switch_on
from portal.rest.models import Client
from portal.staff.manners import NoAddingNorDeleting


@admin.register(Client)
class ClientAdmin(NoAddingNorDeleting[Client]):
    """Of one's own departments. Every change is an entry of the log; a secret is shown once."""

    list_display = ("name", "department", "switched_on", "may_do", "limit", "last_came")
    list_filter = ("switched_on", "department")
    change_form_template = "admin/rest/client/change_form.html"
    readonly_fields = ("client_id", "whose", "is_on", "keys", "secrets_held", "last_came", "since")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Keepers let systems of their own departments in."""
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Client]:
        """What another department lets in is nobody else's business."""
        departments = getattr(request.user, "departments", [])
        rows = super().get_queryset(request)
        return rows if "*" in departments else rows.filter(department__in=departments)

    def get_form(self, request: HttpRequest, obj: Client | None = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002 - Django's
        """Whose it is first; then what it may do."""
        mine = {"departments": list(getattr(request.user, "departments", []))}
        kwargs["form"] = ClientForm if obj else type("NewClientForm", (NewClientForm,), mine)
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """What it may do, how it shows who it is, and how it is."""
        if obj is None:
            return [(None, {"fields": NewClientForm.Meta.fields})]
        return [
            (None, {"fields": ("name", "whose", "client_id", "is_on")}),
            (_("What it may do"), {"fields": ("scopes", "purposes", "calls_per_second")}),
            (_("How it shows who it is"), {"fields": ("jwks", "jwks_url", "keys", "secrets_held")}),
            (_("How it is"), {"fields": ("last_came", "since")}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> Any:
        """A new system has no state yet."""
        return () if obj is None else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: Client, form: Any, change: bool) -> None:  # noqa: FBT001 - Django's
        """By the actions that hold the rules."""
        at, by = timezone.now(), actor_of(request, unit=obj.department)
        if change:
            change_client(Client.objects.get(pk=obj.pk), form.wishes(), by=by, at=at)
            return
        obj.pk = make_client(obj.department, form.wishes(), by=by, at=at).pk

    def response_add(self, request: HttpRequest, obj: Client, post_url_continue: str | None = None) -> HttpResponse:
        """On to what it may do."""
        return redirect("admin:rest_client_change", obj.pk)

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: letting in and keeping out."""
        view = self.admin_site.admin_view(self.access)
        return [path("<uuid:pk>/access/", view, name="rest_client_access"), *super().get_urls()]

    def access(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Switch it on or off, make a secret, end all of them: one press each, in force at the next call."""
        client = get_object_or_404(self.get_queryset(request), pk=pk)
        if not self.has_change_permission(request, client):
            raise Http404
        secret = ""
        if request.method == "POST":
            secret = self._pressed(request, client, by=actor_of(request, unit=client.department))
            if not secret:
                return redirect("admin:rest_client_access", pk)
        each = self.admin_site.each_context(request)
        context = {**each, "title": client.name, "client": client, "opts": self.opts, "secret": secret}
        answer = TemplateResponse(request, "admin/rest/client/access.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    def _pressed(self, request: HttpRequest, client: Client, *, by: Actor) -> str:
        """The new secret, when one was made."""
        at = timezone.now()
        match request.POST.get("do"):
            case "off":
                switch_off(client, by=by, at=at)
                self.message_user(request, _("The system is switched off. Its next call is refused."), messages.SUCCESS)
            case "on":
                switch_on(client, by=by, at=at)
                self.message_user(request, _("The system is switched on."), messages.SUCCESS)
            case "end_secrets":
                end_secrets(client, by=by, at=at)
                self.message_user(request, _("No secret of the system is valid any more."), messages.SUCCESS)
            case "make_secret":
                return make_secret(client, by=by, at=at)
        return ""

    @admin.display(description=_("What it may do"))
    def may_do(self, client: Client) -> str:
        """Its scopes."""
        return ", ".join(client.scopes) or "–"

    @admin.display(description=_("Calls a second"), ordering="calls_per_second")
    def limit(self, client: Client) -> int:
        """Its own limit, or everyone's."""
        most: int = client.calls_per_second or settings.API_CALLS_PER_SECOND
        return most

    @admin.display(description=_("Last token"), ordering="last_token_at")
    def last_came(self, client: Client) -> str:
        """When it last got a token: whoever calls gets one every ten minutes."""
        return moment_text(client.last_token_at) if client.last_token_at else gettext("never")

    @admin.display(description=_("Client id"))
    def client_id(self, client: Client) -> str:
        """What the system calls itself when it asks for a token."""
        return str(client.pk)

    @admin.display(description=_("Department"))
    def whose(self, client: Client) -> str:
        """For ever."""
        return client.department

    @admin.display(description=_("Switched on"), boolean=True)
    def is_on(self, client: Client) -> bool:
        """Changed on a page of its own."""
        return client.switched_on

    @admin.display(description=_("Let in since"))
    def since(self, client: Client) -> str:
        """When it was made."""
        return moment_text(client.created_at)

    @admin.display(description=_("Keys that hold"))
    def keys(self, client: Client) -> str:
        """By the names that the department gave them."""
        each = [*client.jwks.get("keys", []), *client.fetched_jwks.get("keys", [])]
        return ", ".join(str(key.get("kid") or key["kty"]) for key in each) or "–"

    @admin.display(description=_("Secrets that hold"))
    def secrets_held(self, client: Client) -> str:
        """Since when; what they are nobody knows but the department."""
        holding = [each for each in client.secrets.all() if each.ends_at is None or each.ends_at > timezone.now()]
        return ", ".join(moment_text(each.made_at) for each in holding) or "–"
