"""A moderator reads what waits and decides; the writer hears of it, and nobody learns who wrote."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from consents.usecases.actions.moderating import publish, refuse
from consents.usecases.enums import RefusalGround
from consents.usecases.errors import AlreadyDecided
from consents.usecases.queries.waiting import waiting_words, working_days_before
from consents.usecases.words import Report, Word
from portal.ledger.actor import system
from portal.notices.models import Notice
from portal.walls import Role, scope
from tests.residents import Resident
from tests.staffing import Hire
from tests.usecases.talking import CASE, case, comments, form, proposal, proposes, published, said, words

Enter = Callable[[str], Resident]
QUEUE = "/admin/usecases/word/"


def _decides(staff: Client, **told: str) -> int:
    (word, *_) = [row for row in words() if row.state == "waiting" or row.reported_at]
    return staff.post(f"{QUEUE}{word.pk}/change/", told).status_code


def test_the_queue_tells_nobody_who_wrote(resident_in: Enter, hire: Hire) -> None:
    raili = resident_in("raili")
    comments(raili, shown="alias", alias="Uimari")
    keeper = hire("keeper", "library")
    (word,) = words()
    pages = [keeper.get(QUEUE).content.decode(), keeper.get(f"{QUEUE}{word.pk}/change/").content.decode()]
    assert ["Uimari" in page for page in pages] == [False, True]
    assert [str(raili.person) in page or "Testi" in page for page in pages] == [False, False]


def test_what_waits_stands_in_my_queue(resident_in: Enter, hire: Hire) -> None:
    comments(resident_in("raili"))
    assert "Words of a resident" in hire("keeper", "library").get("/admin/").content.decode()


def test_publishing_tells_the_writer_and_leaves_an_entry(resident_in: Enter, hire: Hire) -> None:
    raili = resident_in("raili")
    comments(raili)
    assert _decides(hire("dpo", "*"), do="publish") == 302
    with scope(Role.WORKER):
        kinds = list(Notice.objects.filter(person_id=raili.person).values_list("kind", flat=True))
    log = raili.browser.get("/en/usage/").content.decode()
    assert (said(), kinds.count("words_read")) == (["Tästä olisi hyötyä monelle."], 1)
    assert "A moderator published what you wrote about a use case." in log


def test_refusing_needs_a_ground_which_the_writer_reads(resident_in: Enter, hire: Hire) -> None:
    raili, keeper = resident_in("raili"), hire("keeper", "library")
    comments(raili)
    assert _decides(keeper, do="refuse") == 422
    assert _decides(keeper, do="refuse", ground="advertising") == 302
    page = raili.browser.get(f"/en/use-cases/yours/{words()[0].pk}/").content.decode()
    assert ("It is an advertisement, or leads to one." in page, said()) == (True, [])


@pytest.mark.parametrize("group", ["auditor", "desk"])
def test_who_only_reads_decides_nothing(group: str, resident_in: Enter, hire: Hire) -> None:
    comments(resident_in("raili"))
    staff = hire(group, "*")
    _decides(staff, do="publish")
    assert (words()[0].state, said()) == ("waiting", [])


def test_staff_see_no_words_that_do_not_wait(resident_in: Enter) -> None:
    comments(resident_in("raili"))
    published()
    with scope(Role.STAFF, departments=["*"]):
        assert waiting_words().count() == 0


def test_two_moderators_decide_once(resident_in: Enter) -> None:
    raili = resident_in("raili")
    comments(raili)
    (word,) = words()
    by, at = system("tests"), word.sent_at
    publish(word.pk, by=by, at=at)
    with pytest.raises(AlreadyDecided):
        publish(word.pk, by=by, at=at)
    with pytest.raises(AlreadyDecided):
        refuse(word.pk, RefusalGround.INSULTING, by=by, at=at)


def _reported(resident_in: Enter) -> None:
    comments(resident_in("raili"))
    published()
    page = f"/en/use-cases/{CASE}/comments/{case().comments.get().pk}/report/"
    resident_in("otso").browser.post(page, {"ground": "insulting"})


def test_a_reported_comment_may_stay(resident_in: Enter, hire: Hire) -> None:
    _reported(resident_in)
    assert _decides(hire("keeper", "library"), do="leave") == 302
    with scope(Role.WORKER):
        reports = Report.objects.count()
    assert (len(said()), words()[0].reported_at, reports) == (1, None, 0)


def test_a_reported_comment_may_go(resident_in: Enter, hire: Hire) -> None:
    _reported(resident_in)
    assert _decides(hire("keeper", "library"), do="refuse", ground="insulting") == 302
    assert (said(), words()[0].state) == ([], "refused")


def _proposal_reported(resident_in: Enter) -> tuple[Resident, str]:
    """Its writer, and its slug."""
    raili = resident_in("raili")
    proposes(raili)
    published()
    slug = next(row.case.slug for row in words() if row.case)
    otso = resident_in("otso").browser
    assert "Report this proposal" in otso.get(f"/en/use-cases/{slug}/").content.decode()
    assert otso.get(f"/fi/use-cases/{slug}/report/").status_code == 200
    for _ in range(2):
        assert otso.post(f"/en/use-cases/{slug}/report/", {"ground": "insulting"}).status_code == 302
    return raili, slug


def test_a_reported_proposal_may_stay(resident_in: Enter, hire: Hire) -> None:
    _, slug = _proposal_reported(resident_in)
    keeper = hire("keeper", "library")
    page = keeper.get(f"/admin/usecases/word/{words()[0].pk}/change/").content.decode()
    assert "It insults or threatens somebody: 1" in page
    assert _decides(keeper, do="leave") == 302
    with scope(Role.WORKER):
        assert (case(slug).removed_at, words()[0].reported_at, Report.objects.count()) == (None, None, 0)


def test_a_reported_proposal_may_go_and_come_back_in_other_words(resident_in: Enter, hire: Hire) -> None:
    writer, slug = _proposal_reported(resident_in)
    assert _decides(hire("keeper", "library"), do="refuse", ground="insulting") == 302
    raili = writer.browser
    assert (raili.get(f"/en/use-cases/{slug}/").status_code, words()[0].state) == (404, "refused")
    raili.post(f"/en/use-cases/yours/{words()[0].pk}/", proposal(name="Toisin sanoin"))
    published()
    assert "Toisin sanoin" in raili.get(f"/en/use-cases/{slug}/").content.decode()


def test_what_staff_have_written_is_not_reported(resident_in: Enter) -> None:
    assert resident_in("otso").browser.get(f"/en/use-cases/{CASE}/report/").status_code == 404


@pytest.mark.parametrize(("day", "before"), [("2026-11-30", "2026-11-26"), ("2026-12-03", "2026-12-01")])
def test_working_days_leave_out_the_weekend(day: str, before: str) -> None:
    at = datetime.fromisoformat(f"{day}T09:00:00Z")
    assert working_days_before(at, 2) == datetime.fromisoformat(f"{before}T09:00:00Z")


def test_what_waits_too_long_is_an_alarm_to_whoever_decides(resident_in: Enter, hire: Hire) -> None:
    comments(resident_in("raili"))
    fronts = []
    for days in (0, 5):
        with scope(Role.WORKER):
            Word.objects.update(sent_at=timezone.now() - timedelta(days=days))
        fronts += [hire(group, "library").get("/admin/").content.decode() for group in ("keeper", "adviser")]
    assert ["has waited to be read for more than two working days" in page for page in fronts] == [
        *(False, False, True, False)
    ]


def test_a_refused_change_leaves_the_older_text(resident_in: Enter, hire: Hire) -> None:
    raili = resident_in("raili")
    comments(raili)
    published()
    raili.browser.post(f"/en/use-cases/yours/{words()[0].pk}/", form(text="Osta halvalla!"))
    _decides(hire("keeper", "library"), do="refuse", ground="advertising")
    assert (said(), words()[0].state) == (["Tästä olisi hyötyä monelle."], "refused")


def test_what_was_removed_meanwhile_is_not_published(resident_in: Enter) -> None:
    raili = resident_in("raili")
    proposes(raili)
    (word,) = words()
    raili.browser.post(f"/en/use-cases/yours/{word.pk}/", {"do": "remove"})
    with pytest.raises(AlreadyDecided):
        publish(word.pk, by=system("tests"), at=word.sent_at)
