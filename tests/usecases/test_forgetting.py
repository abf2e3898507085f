"""What a person wrote goes with them: from here, from the public page, and from their own copy of everything."""

from collections.abc import Callable

import pytest
from django.utils import timezone

from consents.usecases.actions.forgetting import forget_words
from consents.usecases.models import Case
from consents.usecases.words import Follow, Report, Support, Word
from portal.ledger.actor import system
from portal.requests.erasing.copies import remove_copies
from portal.requests.package.own_rows import rows_inside
from portal.walls import Role, scope
from tests.pages.family import act_for, guardian
from tests.residents import Resident
from tests.usecases.talking import CASE, case, comments, proposes, published, said, words

Enter = Callable[[str], Resident]
BY = system("tests")


def _takes_part(one: Resident, other: Resident) -> None:
    comments(other)
    published()
    comment = case().comments.get().pk
    proposes(one, shown="name")
    comments(one, text="Minun mielestäni hyvä.", shown="name")
    published()
    for act in ("support", "follow"):
        one.browser.post(f"/en/use-cases/{CASE}/take-part/", {"do": act})
    one.browser.post(f"/en/use-cases/{CASE}/comments/{comment}/report/", {"ground": "other"})


def test_all_that_they_wrote_and_chose_goes_and_others_stay(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    _takes_part(raili, otso)
    otso.browser.post(f"/en/use-cases/{CASE}/take-part/", {"do": "support"})
    proposed = Case.objects.get(language="fi")
    with scope(Role.WORKER):
        assert forget_words(raili.person, by=BY, at=timezone.now()) == 5
        left = [model.objects.filter(person_id=raili.person).count() for model in (Word, Support, Follow, Report)]
    assert left == [0, 0, 0, 0]
    assert (said(), len(words()), case().supports) == (["Tästä olisi hyötyä monelle."], 1, 1)
    assert case(proposed.slug).texts == {}
    log = raili.browser.get("/en/usage/").content.decode()
    assert "What you had written about use cases was removed, because you had your data erased." in log


def test_a_second_time_there_is_nothing_to_forget(resident_in: Enter) -> None:
    raili = resident_in("raili")
    with scope(Role.WORKER):
        assert forget_words(raili.person, by=BY, at=timezone.now()) == 0


@pytest.mark.parametrize(("everything", "left"), [(True, 0), (False, 1)])
def test_it_goes_when_everything_is_erased_and_not_with_one_register(
    everything: bool,
    left: int,
    resident_in: Enter,
) -> None:
    raili = resident_in("raili")
    comments(raili)
    with scope(Role.WORKER):
        remove_copies(raili.person, [], everything=everything, until_sign_in=False, by=BY, at=timezone.now())
    assert len(words()) == left


def test_it_is_in_their_own_copy_of_everything(resident_in: Enter) -> None:
    raili, otso = resident_in("raili"), resident_in("otso")
    _takes_part(raili, otso)
    with scope(Role.RESIDENT, persons=[raili.person]):
        rows = {table.label: table.rows for table in rows_inside(raili.person) if table.label.startswith("usecases.")}
    wrote = {row["said"]["text"]: (row["said"]["signature"], row["state"]) for row in rows["usecases.Word"]}
    assert wrote["Minun mielestäni hyvä."] == ("Testi raili", "published")
    assert [row["case"] for row in rows["usecases.Support"]] == [CASE]
    assert (len(rows["usecases.Follow"]), len(rows["usecases.Report"]), len(wrote)) == (1, 1, 2)


def test_what_waits_stands_sealed(resident_in: Enter) -> None:
    comments(resident_in("raili"), text="Salainen ajatus", shown="alias", alias="Uimari")
    (word,) = words()
    assert [part for part in (b"Salainen", b"Uimari") if part in bytes(word.sealed_said or b"")] == []


def test_who_acts_for_another_reads_nothing_of_it_in_the_log(child: Callable[[int], Resident]) -> None:
    one, aino = child(14), guardian("aino")
    comments(one)
    act_for(aino, one)
    pages = [reader.browser.get("/en/usage/").content.decode() for reader in (one, aino)]
    assert ["use case" in page.split("<main")[1].split("<footer")[0] for page in pages] == [True, False]
