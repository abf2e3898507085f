"""The log's seals in the back office, read-only, and what is wrong with them."""

from collections.abc import Iterator

from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from portal.i18n.dates import moment_text
from portal.ledger.models import Checkpoint, Copying, Cosignature
from portal.ledger.queries import clock_went_back, copies_failing, unsealed_since
from portal.staff.alarms import Alarm, rings
from portal.staff.manners import ReadOnly


@rings
def log_is_not_sealed(request: HttpRequest) -> Iterator[Alarm]:
    """Entries that wait, copies that fail, and a clock that was set back; to whoever may see the seals."""
    if not request.user.has_perm("ledger.view_checkpoint"):
        return
    now, page = timezone.now(), reverse("admin:ledger_checkpoint_changelist")
    if since := unsealed_since(at=now):
        told = gettext("Entries of the log have not been sealed since %(since)s.")
        yield Alarm(told % {"since": moment_text(since)}, page)
    if before := clock_went_back(at=now):
        told = gettext("The portal's clock was set back after %(before)s. The log keeps the order of its numbers.")
        yield Alarm(told % {"before": moment_text(before)}, page)
    for copying in copies_failing(at=now):
        told = gettext("Seals of the log have not been copied out since %(since)s (%(place)s).")
        words = {"since": moment_text(copying.failing_since_at or now), "place": copying.get_place_display()}
        yield Alarm(told % words, reverse("admin:ledger_copying_changelist"))


@admin.register(Checkpoint)
class CheckpointAdmin(ReadOnly[Checkpoint]):
    """Newest first; a seal is public."""

    list_display = ("size", "signed_at")
    fields = ("size", "signed_at", "note")


@admin.register(Cosignature)
class CosignatureAdmin(ReadOnly[Cosignature]):
    """What witnesses signed, which is public."""

    list_display = ("size", "witness", "signed_at")
    fields = (*list_display, "line")


@admin.register(Copying)
class CopyingAdmin(ReadOnly[Copying]):
    """How far the copies outside are."""

    list_display = ("place", "size", "copied_at", "failing_since_at", "error")
    fields = list_display
