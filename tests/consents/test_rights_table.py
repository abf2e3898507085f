"""The table of rights: each basis by each right, and what changes it."""

from itertools import product

import pytest

from consents.rules.rights import NOTHING, About, Answer, Appeal, Right, Verdict, Why, rights_of
from datasources.enums import Basis

# see correct erase restrict take object withdraw person told; y yes, l limited, n no
TABLE = {
    Basis.CONSENT: "yyylynyyy",
    Basis.CONTRACT: "yyllynnyy",
    Basis.LEGAL_OBLIGATION: "yyllnnnyy",
    Basis.VITAL_INTERESTS: "yyllnnnyy",
    Basis.PUBLIC_TASK: "yyllnynyy",
    Basis.LEGITIMATE_INTEREST: "yyylnynyy",
}
EVERY = [About(*each) for each in product((False, True), repeat=4)]
EACH = list(product(Basis, EVERY))


def letters(told: dict[Right, Answer]) -> str:
    return "".join(answer.verdict[0] for answer in told.values())


@pytest.mark.parametrize("basis", Basis)
def test_each_basis_has_its_row(basis: Basis) -> None:
    assert letters(rights_of(basis)) == TABLE[basis]


@pytest.mark.parametrize(
    ("basis", "right", "why", "law"),
    [
        (Basis.CONSENT, Right.ERASE, Why.ERASE_BUT_PROOF, "gdpr 7(1)"),
        (Basis.CONSENT, Right.OBJECT, Why.OBJECT_WITHDRAW, "gdpr 7(3)"),
        (Basis.CONTRACT, Right.ERASE, Why.ERASE_BUT_BOOKS, "1336/1997 2:10"),
        (Basis.LEGAL_OBLIGATION, Right.ERASE, Why.ERASE_NOT_WHILE_LAW, "gdpr 17(3)(b)"),
        (Basis.PUBLIC_TASK, Right.ERASE, Why.ERASE_NOT_WHILE_LAW, "gdpr 17(3)(b)"),
        (Basis.PUBLIC_TASK, Right.RESTRICT, Why.RESTRICT_ALSO_OBJECTION, "gdpr 18(1)(d)"),
        (Basis.PUBLIC_TASK, Right.TAKE, Why.TAKE_COURTESY, "gdpr 20(1)"),
        (Basis.PUBLIC_TASK, Right.OBJECT, Why.OBJECT_SITUATION, "gdpr 21(1)"),
        (Basis.LEGITIMATE_INTEREST, Right.ERASE, Why.ERASE_YES, "gdpr 17(1)(c)"),
        (Basis.VITAL_INTERESTS, Right.OBJECT, Why.OBJECT_NOT_VITAL, "gdpr 21(1)"),
    ],
)
def test_an_answer_has_its_reason_and_its_law(basis: Basis, right: Right, why: Why, law: str) -> None:
    answer = rights_of(basis)[right]
    assert (answer.why, law in answer.law) == (why, True)


def test_no_answer_is_without_its_law_and_its_way_to_disagree() -> None:
    for told in (rights_of(basis, about) for basis, about in EACH):
        assert list(told) == list(Right)
        # What is refused under the GDPR never leads to the court of the Openness Act.
        assert {(bool(answer.law), answer.appeal) for answer in told.values()} == {(True, Appeal.OMBUDSMAN)}


def test_an_objection_to_direct_marketing_always_works() -> None:
    told = {each: rights_of(*each)[Right.OBJECT] for each in EACH}
    works = {each for each, answer in told.items() if answer.why is Why.OBJECT_MARKETING}
    assert {told[each].verdict for each in works} == {Verdict.YES}
    assert works == {(basis, about) for basis, about in EACH if about.marketing}


def test_what_is_given_can_be_taken_back_and_nothing_else() -> None:
    back = {each for each in EACH if rights_of(*each)[Right.WITHDRAW].may_ask}
    assert back == {(basis, about) for basis, about in EACH if basis is Basis.CONSENT or about.secrecy}


@pytest.mark.parametrize("basis", Basis)
def test_archives_limit_every_right_and_erase_nothing(basis: Basis) -> None:
    told = rights_of(basis, About(archive=True))
    assert letters(told)[:6] == "llnlnl"
    assert told[Right.WITHDRAW] == rights_of(basis, NOTHING)[Right.WITHDRAW]


@pytest.mark.parametrize("basis", Basis)
def test_a_copy_is_corrected_where_it_comes_from_and_a_decision_is_claimed_anew(basis: Basis) -> None:
    for about, why in ((NOTHING, Why.CORRECT_FACTS), (About(copied=True), Why.CORRECT_AT_SOURCE)):
        told = rights_of(basis, about)[Right.CORRECT]
        assert (told.why, told.besides) == (why, Appeal.REVISION)
