"""Of every table it is decided what becomes of its rows when two accounts are joined; and what other rooms keep."""

from pathlib import Path

from consents.usecases.models import Case
from consents.usecases.queries.sealed import said_in
from consents.usecases.words import Support, Word
from datasources.transfers.arriving.sealing import brought_key, key_in, opened_files
from datasources.transfers.models import Arrival, Item
from datasources.transfers.package.shape import PersonDigest
from portal.walls import Role, scope
from tests.arriving.bringing_packages import taken_in
from tests.pages.conftest import city
from tests.requests.accounts import Two, back, joined, two
from tests.requests.test_new_code import NEW
from tests.requests.test_two_accounts_read import NOT_ROW_BY_ROW
from tests.usecases.talking import CASE, comments, form
from tests.walls.test_rows import PERSONAL

__all__ = ["city", "two"]
MOVES = {
    *("Request", "Part", "Correction", "Evidence", "PartFile", "Proposal", "Leaving", "HandOver", "Plan", "BreachTold"),
    *("Notice", "PairwiseSubject", "Import", "Tie", "Arrival", "Item", "Word", "Support", "Follow", "Report"),
}
STAYS = {
    *("Person", "PersonKey", "Entry", "Consent", "ConsentEvent", "Restriction", "Receipt", "Announcement", "Telling"),
    *("Letter", "LetterChoice", "LegalHold", "Erased", "LifeChange"),
}


def test_of_every_table_it_is_decided_what_becomes_of_its_rows() -> None:
    """A new table of people is thought of in `join_accounts`, and named here."""
    assert {model.__name__ for model, _ in PERSONAL} == MOVES | STAYS | NOT_ROW_BY_ROW


def _files(item: Item) -> dict[str, bytes]:
    under = brought_key(item.person_id)
    assert under is not None
    return opened_files(item.sealed_body, of=item.pk, key=key_in(item.sealed_key, of=item.pk, under=under))


def test_what_came_from_another_city_opens_under_the_account_that_stays(two: Two, tmp_path: Path) -> None:
    stays, goes = two
    item = taken_in(goes, "amira", tmp_path, person=PersonDigest.of(NEW))
    with scope(Role.RESIDENT, persons=[goes.person]):
        files = _files(Item.objects.get(pk=item.pk))
    joined(two)
    with scope(Role.RESIDENT, persons=[stays.person]):
        assert _files(Item.objects.get(pk=item.pk)) == files
        assert Arrival.objects.get().person_id == stays.person
    page = back(stays).browser.get(f"/en/move/arrive/kept/{item.pk}/")
    assert (page.status_code, "Turku" in page.content.decode()) == (200, True)


def test_words_are_theirs_and_one_person_supports_once(two: Two) -> None:
    stays, goes = two
    assert comments(goes).status_code == 302
    for one in two:
        assert one.browser.post(f"/en/use-cases/{CASE}/take-part/", {"do": "support"}).status_code == 302
    joined(two)
    with scope(Role.RESIDENT, persons=[stays.person]):
        said = said_in(Word.objects.get())
    assert said is not None
    assert said.text == form()["text"]
    with scope(Role.WORKER):
        assert (Support.objects.count(), Case.objects.get(slug=CASE).supports) == (1, 1)
