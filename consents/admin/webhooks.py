"""Webhooks of department systems in the back office: how each is, what it was sent, and switching it off."""

from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from consents.enums import AnnouncementKind, DeliveryFault, SwitchedOff
from consents.models import Delivery, Webhook
from consents.webhooks.bodies import PING
from consents.webhooks.keeping import switch_off
from portal.i18n.dates import moment_text
from portal.people.actors import actor_of
from portal.staff.manners import ReadOnly

_NEVER = _("never")


@admin.register(Webhook)
class WebhookAdmin(ReadOnly[Webhook]):
    """Of one's own departments. The system itself makes and changes them, by the API; staff may switch one off."""

    list_display = ("host", "system", "department", "state", "last_success", "failures_in_a_row", "waiting")
    list_filter = ("switched_on", "department")
    fields = ("host", "system", "department", "state", "of_what", "contact_email", *list_display[4:], "sent")
    readonly_fields = fields
    change_form_template = "admin/consents/webhook/change_form.html"

    def has_switch_off_permission(self, request: HttpRequest, webhook: Webhook) -> bool:
        """Whoever keeps the department's matters."""
        departments = getattr(request.user, "departments", [])
        theirs = "*" in departments or webhook.department in departments
        return theirs and bool(request.user.has_perm("consents.change_webhook"))

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """With the button, for whoever may press it."""
        webhook = self.get_object(request, object_id)
        may = webhook is not None and webhook.switched_on and self.has_switch_off_permission(request, webhook)
        return super().change_view(request, object_id, form_url, {**(extra_context or {}), "may_switch_off": may})

    def get_urls(self) -> list[URLPattern]:
        """Beside Django's pages: switching off."""
        view = self.admin_site.admin_view(self.switch_off)
        return [path("<uuid:pk>/off/", view, name="consents_webhook_off"), *super().get_urls()]

    def switch_off(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """One press, in force before the next message."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        webhook = get_object_or_404(Webhook.objects.select_for_update(), pk=pk)
        if not self.has_switch_off_permission(request, webhook):
            raise Http404
        switch_off(webhook, SwitchedOff.STAFF, by=actor_of(request, unit=webhook.department), at=timezone.now())
        self.message_user(request, _("The webhook is switched off."), messages.SUCCESS)
        return redirect("admin:consents_webhook_change", pk)

    @admin.display(description=_("Host"))
    def host(self, webhook: Webhook) -> str:
        """The rest of the address may be a secret."""
        return webhook.host

    @admin.display(description=_("State"))
    def state(self, webhook: Webhook) -> str:
        """On, or why not."""
        if webhook.switched_on:
            return str(_("on"))
        because = SwitchedOff(webhook.switched_off_because).label
        return str(_("off since %(when)s, %(because)s")) % {
            "when": moment_text(webhook.switched_off_at) if webhook.switched_off_at else "",
            "because": because,
        }

    @admin.display(description=_("Last success"), ordering="last_success_at")
    def last_success(self, webhook: Webhook) -> str:
        """When a message last arrived."""
        return moment_text(webhook.last_success_at) if webhook.last_success_at else str(_NEVER)

    @admin.display(description=_("Failures in a row"), ordering="failures")
    def failures_in_a_row(self, webhook: Webhook) -> int:
        """Since the last success."""
        return webhook.failures

    @admin.display(description=_("Messages that wait"))
    def waiting(self, webhook: Webhook) -> int:
        """Neither delivered nor given up."""
        return int(getattr(webhook, "waits", 0))

    @admin.display(description=_("Of what it is told"))
    def of_what(self, webhook: Webhook) -> str:
        """Kinds of changes."""
        return ", ".join(str(AnnouncementKind(kind).label) for kind in webhook.kinds) or str(_("of every change"))

    @admin.display(description=_("Messages"))
    def sent(self, webhook: Webhook) -> SafeString:
        """Those of the last thirty days."""
        address = reverse("admin:consents_delivery_changelist")
        return format_html('<a href="{}?webhook__id__exact={}">{}</a>', address, webhook.pk, _("See the messages"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Webhook]:
        """With what waits; row security keeps other departments' out."""
        still = Q(deliveries__delivered_at=None, deliveries__given_up_at=None)
        return super().get_queryset(request).annotate(waits=Count("deliveries", filter=still))


class OutcomeFilter(admin.SimpleListFilter):
    """What became of a message."""

    title, parameter_name = _("What became of it"), "outcome"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Any:
        """Three ways."""
        return [("delivered", _("delivered")), ("waits", _("waits")), ("given_up", _("given up"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Delivery]) -> QuerySet[Delivery]:
        """Those of one way."""
        ways: dict[str, dict[str, Any]] = {
            "delivered": {"delivered_at__isnull": False},
            "waits": {"delivered_at": None, "given_up_at": None},
            "given_up": {"given_up_at__isnull": False},
        }
        return queryset.filter(**ways.get(self.value() or "", {}))


@admin.register(Delivery)
class DeliveryAdmin(ReadOnly[Delivery]):
    """Messages, newest first: what kind, how often tried, what was answered. Never about whom."""

    list_display = ("id", "webhook", "what", "made_at", "outcome", "attempts", "status", "why", "tried_at")
    list_filter = (OutcomeFilter, "webhook")
    list_select_related = ("webhook",)
    fields = ("id", "webhook", "what", "made_at", "outcome", "attempts", "tried_at", "took_ms", "status", "why")

    @admin.display(description=_("What it tells"))
    def what(self, delivery: Delivery) -> str:
        """The kind of change."""
        return str(_("ping")) if delivery.kind == PING else str(AnnouncementKind(delivery.kind).label)

    @admin.display(description=_("What became of it"))
    def outcome(self, delivery: Delivery) -> str:
        """And when."""
        if delivery.delivered_at:
            return str(_("delivered %(when)s")) % {"when": moment_text(delivery.delivered_at)}
        if delivery.given_up_at:
            return str(_("given up %(when)s")) % {"when": moment_text(delivery.given_up_at)}
        return str(_("waits until %(when)s")) % {"when": moment_text(delivery.due_at)}

    @admin.display(description=_("What went wrong"))
    def why(self, delivery: Delivery) -> str:
        """In the language of whoever looks."""
        return str(DeliveryFault(delivery.fault).label) if delivery.fault else ""
