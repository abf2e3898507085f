"""Doorbells."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone

from consents.actions import family, lateness, limiting
from consents.actions.asking import put_question as put
from consents.actions.ending import expire_due
from consents.actions.reminding import Place, remind_due
from consents.donations import keeping as donations
from consents.models import Webhook
from consents.publishing import settling
from consents.queries.brought import allowing
from consents.webhooks import minding
from consents.webhooks.letters import write_to_keeper
from consents.webhooks.sending import send_batch
from datasources.wearables.actions import counting
from datasources.wearables.enums import COUNTING
from datasources.wearables.queries.walks import last_counted
from portal.jobs.tasks import job
from portal.ledger.actor import system
from portal.walls import Role, scope


@job("consents.count_walks")
def count_walks() -> None:
    """Every week, by beat: steps of the week before last, of those who allow it; by then most have brought theirs."""
    by, at = system("consents.count_walks"), timezone.now()
    week = last_counted(timezone.localdate(at))
    with scope(Role.WORKER):
        counting.count_walks(allowing(COUNTING, at=at), week=week, by=by, at=at)


@job("consents.expire_due")
def expire_due_consents() -> None:
    """Every hour, by beat."""
    with scope(Role.WORKER):
        while expire_due(by=system("consents.expire_due"), at=timezone.now()):
            pass


@job("consents.let_go_due")
def let_go_due() -> None:
    """When the end of a restriction is due, and every hour, by beat."""
    with scope(Role.WORKER):
        while limiting.let_go_due(by=system("consents.let_go_due"), at=timezone.now()):
            pass


@job("consents.remind")
def remind_of_ends() -> None:
    """Every day, by beat. A transaction a batch."""
    after: Place | None = None
    while True:
        with scope(Role.WORKER):
            after = remind_due(after=after, by=system("consents.remind"), at=timezone.now())
        if after is None:
            return


@job("consents.tell_guardians")
def tell_guardians(*, event_id: str) -> None:
    """After one guardian's half yes, and after a child's own answer."""
    with scope(Role.WORKER):
        family.tell_guardians(UUID(event_id), by=system("consents.tell_guardians"), at=timezone.now())


@job("consents.settle_answers")
def settle_answers(*, purpose_id: UUID) -> None:
    """After a purpose was closed or its text changed."""
    ended = 1
    while ended:
        with scope(Role.WORKER):
            ended = settling.settle_answers(purpose_id, by=settling.JOB, at=timezone.now())


@job("consents.put_question")
def put_question(*, purpose_id: str, person_id: str | None, client: str, looks: int) -> None:
    """A system asked a resident, or somebody who is not here."""
    if person_id is not None:
        with scope(Role.WORKER):
            put(UUID(purpose_id), UUID(person_id), client=client, looks=looks, at=timezone.now())


@job("consents.deliver", queue="webhooks")
def deliver(*, webhook_id: str) -> None:
    """Everything that is due for one webhook."""
    while send_batch(UUID(webhook_id), by=system("consents.deliver"), at=timezone.now()):
        pass


@job("consents.mind_webhooks")
def mind_webhooks() -> None:
    """Every five minutes, by beat."""
    by = system("consents.mind_webhooks")
    with scope(Role.WORKER):
        minding.switch_off_failing(by=by, at=timezone.now())
        minding.give_up_old(by=by, at=timezone.now())
        minding.ring_overdue(by=by, at=timezone.now())
    gone = 1
    while gone:
        with scope(Role.WORKER):
            gone = minding.forget_old(by=by, at=timezone.now())


@job("consents.note_late")
def note_late() -> None:
    """Every morning, by beat."""
    with scope(Role.WORKER):
        lateness.note_late(by=system("consents.note_late"), at=timezone.now())


@job("consents.write_of_late")
def write_of_late(*, department: str, noted_at: str) -> None:
    """Systems of a department are late."""
    at, by = datetime.fromisoformat(noted_at), system("consents.write_of_late")
    with scope(Role.WORKER):
        lateness.write_of_late(department, at, by=by, at=timezone.now())


@job("consents.tell_keeper")
def tell_keeper(*, webhook_id: str) -> None:
    """A webhook was switched off, as nothing was delivered for a week."""
    with scope(Role.WORKER):
        webhook = Webhook.objects.filter(pk=webhook_id, switched_on=False).first()
    if webhook is not None:
        write_to_keeper(webhook)


@job("consents.tell_givers")
def tell_givers(*, outcome_id: str) -> None:
    """What came of data that was given was published. A transaction a batch."""
    after: UUID | None = None
    while True:
        with scope(Role.WORKER):
            by, at = system("consents.tell_givers"), timezone.now()
            after = donations.tell_givers(UUID(str(outcome_id)), after=after, by=by, at=at)
        if after is None:
            return
