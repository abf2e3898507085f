"""An erasure under way: every system rehearses, copies go, every system erases, each once; then what came of it.

The rows are the truth: a worker that is killed anywhere leaves parts whose lease ends, and whoever takes them finds
out by a rehearsal what is left to do.
"""

import time
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from consents.actions.announcing import announce
from consents.enums import AnnouncementKind
from consents.queries.recipients import recipients_of
from datasources.errors import Declined, Drifted, MisSet, NotLet, SourceFault
from portal.jobs.outbox import after_commit, is_waiting
from portal.ledger.actions import record
from portal.ledger.actor import Actor, resident
from portal.requests.actions import close_request
from portal.requests.enums import PartState, RequestState
from portal.requests.erasing.actions import ask_keepers
from portal.requests.erasing.copies import remove_copies
from portal.requests.erasing.enums import Can
from portal.requests.erasing.kinds import ErasureEntry
from portal.requests.erasing.models import Plan
from portal.requests.erasing.queries import Outlook, outlook_of_plan
from portal.requests.erasing.receipts import issue, outcome_of
from portal.requests.erasing.systems import Answer, Job, answer_of, jobs_of, told_of_answer
from portal.requests.erasing.told import tell_of_source, tell_plan
from portal.requests.models import Part, Request
from portal.requests.parts import beat, finish, put_off, take, unfinished
from portal.walls import Role, scope

# These do not pass by themselves: a person looks, and the portal does not try for two weeks.
_FOR_A_PERSON = (MisSet, NotLet, Drifted)
_BEGUN = "begun"


class _Clock:
    """The moment that was told, moving on while systems are waited for."""

    def __init__(self, at: datetime) -> None:
        self._at, self._began = at, time.monotonic()

    def __call__(self) -> datetime:
        return self._at + timedelta(seconds=time.monotonic() - self._began)


def run_erasure(request: UUID, *, by: Actor, at: datetime) -> None:
    """Bring an erasure as far as it comes now; what is left is rung again. Opens its own scopes."""
    now = _Clock(at)
    with scope(Role.WORKER):
        chosen = Plan.objects.select_related("request").get(request=request)
        parts = take(request, at=at) if _is_open(request) else []
        jobs = jobs_of(chosen, outlook_of_plan(chosen, at=at))
    ready = [part for part in parts if _rehearsed(part, jobs.get(part.source), by=by, now=now)]
    if not _begin(request, ready, by=by, at=now()):
        return
    for part in ready:
        _erased(part, jobs[part.source], by=by, now=now)
    _settle(request, by=by, at=now())


def _is_open(request: UUID) -> bool:
    return Request.objects.filter(pk=request, state=RequestState.WORKING).exists()


def _rehearsed(part: Part, job: Job | None, *, by: Actor, now: _Clock) -> bool:
    """The first phase of one source: whether it is to erase; how it answered is written down."""
    if job is None:
        # The law holds it since, or the system is gone.
        with scope(Role.WORKER):
            finish(part.pk, PartState.REFUSED, at=now(), told={"held": True})
        return False
    answer = answer_of(job, lambda system: system.rehearse_erasure(job.datasets, job.code))
    if isinstance(answer, SourceFault):
        _put_off(part, job, answer, by=by, at=now())
        return False
    if answer == 0 and _BEGUN not in part.told and any(each.copies for each in job.registers):
        # A copy of it lies here: the system may write the code in another way. A person looks.
        with scope(Role.WORKER):
            _hand_over(
                part,
                job,
                Drifted("None of the records that were read was found when they were to be erased."),
                at=now(),
            )
        return False
    if answer == 0:
        # After a crash between the erasure and this row nothing is left there, and it was done.
        state = PartState.DONE if part.told.get(_BEGUN) else PartState.NOTHING
        _end(part, job, state, answer, by=by, at=now())
        return False
    with scope(Role.WORKER):
        return beat(part.pk, at=now())


def _erased(part: Part, job: Job, *, by: Actor, now: _Clock) -> None:
    """The second phase of one source."""
    with scope(Role.WORKER):
        if not beat(part.pk, at=now()):
            return
    answer = answer_of(job, lambda system: system.erase_records(job.datasets, job.code, reference=job.reference))
    if isinstance(answer, SourceFault):
        _put_off(part, job, answer, by=by, at=now())
    else:
        _end(part, job, PartState.DONE, answer, by=by, at=now())


def _end(part: Part, job: Job, state: PartState, answer: Answer, *, by: Actor, at: datetime) -> None:
    """What came of it at this source, its words for the person and its entry, in one transaction."""
    kind = ErasureEntry.SOURCE_REFUSED if state == PartState.REFUSED else ErasureEntry.SOURCE_ERASED
    counts = {"rows": answer} if isinstance(answer, int) and answer else {}
    codes = {"codes": [each.code for each in answer.reasons]} if isinstance(answer, Declined) else {}
    with scope(Role.WORKER):
        chosen = Plan.objects.select_for_update().get(request=part.request_id)
        if not finish(part.pk, state, at=at, told=counts | codes | _begun(part)):
            return
        tell_of_source(chosen, part.source, told_of_answer(answer))
        if state == PartState.DONE:
            _tell_receivers(part.person_id, job.datasets, at=at)
        if state != PartState.NOTHING:
            about = {"department": part.department, "datasets": list(job.datasets), "reference": part.number}
            record(kind, by=by, about=part.person_id, at=at, counts=counts, **about)  # type: ignore[arg-type]


def _tell_receivers(person: UUID, datasets: Collection[str], *, at: datetime) -> None:
    """Whoever was let to have this data hears that it was erased where it came from (GDPR 19)."""
    for department, theirs in recipients_of(person, datasets).items():
        announce(
            AnnouncementKind.DATA_ERASED, person=person, department=department, datasets=theirs, must_act=True, at=at
        )


def _begun(part: Part) -> dict[str, object]:
    return {_BEGUN: part.told[_BEGUN]} if _BEGUN in part.told else {}


def _put_off(part: Part, job: Job, fault: SourceFault, *, by: Actor, at: datetime) -> None:
    if isinstance(fault, Declined):
        _end(part, job, PartState.REFUSED, fault, by=by, at=at)
        return
    with scope(Role.WORKER):
        if isinstance(fault, _FOR_A_PERSON) or put_off(part, fault=type(fault).__name__, at=at) is None:
            _hand_over(part, job, fault, at=at)


def _hand_over(part: Part, job: Job, fault: SourceFault, *, at: datetime) -> None:
    """The system cannot, or was silent for too long: the keepers of its registers are asked."""
    language = Request.objects.values_list("language", flat=True).get(pk=part.request_id)
    by = resident(part.person_id)
    made = ask_keepers(part.person_id, job.registers, language=language, by=by, at=at)
    numbers = {each.register: each.number for each in made}
    Part.objects.filter(pk=part.pk).update(
        state=PartState.FAILED,
        finished_at=at,
        leased_until_at=None,
        fault=type(fault).__name__,
        told=_begun(part) | {"asked": numbers},
    )


def _begin(request: UUID, ready: Collection[Part], *, by: Actor, at: datetime) -> bool:
    """The second phase begins: copies go. False when the request was taken back; from here on it cannot be."""
    with scope(Role.WORKER):
        row = Request.objects.select_for_update().get(pk=request)
        chosen = Plan.objects.select_for_update().get(request=request)
        if row.state != RequestState.WORKING:
            return False
        if chosen.begun_at is None:
            _erase_copies(row, chosen, by=by, at=at)
            chosen.begun_at = at
            chosen.save(update_fields=["begun_at"])
        for part in ready:
            part.told = {**part.told, _BEGUN: at.isoformat()}
        Part.objects.bulk_update(ready, ["told"])
    return True


def _erase_copies(row: Request, chosen: Plan, *, by: Actor, at: datetime) -> None:
    """What goes here, what keepers are asked, and the row that a restore goes by; what came of each is told."""
    person, outlook = chosen.person_id, outlook_of_plan(chosen, at=at)
    goes, count = remove_copies(
        person, outlook, everything=chosen.everything, until_sign_in=chosen.leaving, by=by, at=at
    )
    if goes:
        record(ErasureEntry.COPIES_ERASED, by=by, about=person, at=at, reference=row.number, counts={"sheets": count})
    asked = [] if chosen.leaving else [each for each in goes if each.can is Can.ASKED]
    numbers = [each.number for each in ask_keepers(person, asked, language=row.language, by=resident(person), at=at)]
    by_register = dict(zip((each.slug for each in asked), numbers, strict=True))
    tell_plan(chosen, registers=[_register(each, by_register.get(each.slug, "")) for each in outlook])


def _register(each: Outlook, number: str) -> dict[str, object]:
    """As the receipt will tell it, before the systems have answered."""
    return {
        "register": each.slug,
        "department": each.department,
        "copies": 0 if each.held else each.copies,
        "can": each.can.value,
        "source": each.source,
        "asked": number,
        "basis": each.basis,
        "holds": [{"law": hold.law, "until": hold.until.isoformat()} for hold in each.holds],
    }


def _settle(request: UUID, *, by: Actor, at: datetime) -> None:
    """Sign what came of it when nothing is left to do; else ring again when the next try is due."""
    with scope(Role.WORKER):
        row = Request.objects.select_for_update().get(pk=request)
        if row.state != RequestState.WORKING:
            return
        if unfinished(request):
            _ring_again(request, at=at)
            return
        chosen = Plan.objects.select_for_update().get(request=request)
        receipt = issue(chosen, row, at=at)
        close_request(row, outcome_of(receipt), by=by, at=at)


def _ring_again(request: UUID, *, at: datetime) -> None:
    parts = Part.objects.filter(request=request, finished_at=None)
    due_at = min(max(part.due_at, part.leased_until_at or part.due_at) for part in parts)
    if not is_waiting("erasing.run", request_id=request):
        after_commit("erasing.run", due_at=max(at, due_at) + timedelta(seconds=1), request_id=request)


def ring_unfinished(*, at: datetime) -> None:
    """Erasures whose bell was lost: each open one is looked at again."""
    with scope(Role.WORKER):
        rows = Plan.objects.filter(request__state=RequestState.WORKING).values_list("request_id", flat=True)
        for request in rows:
            if not is_waiting("erasing.run", request_id=request):
                after_commit("erasing.run", due_at=at, request_id=request)
