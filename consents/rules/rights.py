"""What a resident may ask of a use of their data, computed from its legal basis (GDPR 7, 15-22). Pure.

Every answer has its reason, the places of the law that say so, and the way to disagree. What it says in words stands
with the pages.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from datasources.enums import Basis


class Right(StrEnum):
    """By article of the GDPR."""

    SEE = "see"  # 15
    CORRECT = "correct"  # 16
    ERASE = "erase"  # 17
    RESTRICT = "restrict"  # 18
    TAKE = "take"  # 20
    OBJECT = "object"  # 21
    WITHDRAW = "withdraw"  # 7(3)
    PERSON = "person"  # 22: a person decides
    TOLD = "told"  # 19: receivers are told, and who they were


class Verdict(StrEnum):
    """Whether there is such a right."""

    YES = "yes"
    LIMITED = "limited"
    NO = "no"


class Appeal(StrEnum):
    """Where somebody goes who disagrees with an answer."""

    OMBUDSMAN = "ombudsman"  # GDPR 77
    COURT = "court"  # 621/1999 33 §: the administrative court
    REVISION = "revision"  # 410/2015 134 §: a claim for a revised decision, in 14 days


class Why(StrEnum):
    """The reason of an answer; pages keep one sentence for each."""

    SEE_ALL = "see_all"
    SEE_ARCHIVE = "see_archive"
    CORRECT_FACTS = "correct_facts"
    CORRECT_AT_SOURCE = "correct_at_source"
    CORRECT_ARCHIVE = "correct_archive"
    ERASE_BUT_PROOF = "erase_but_proof"
    ERASE_WHEN_NOT_NEEDED = "erase_when_not_needed"
    ERASE_BUT_BOOKS = "erase_but_books"
    ERASE_NOT_WHILE_LAW = "erase_not_while_law"
    ERASE_YES = "erase_yes"
    ERASE_NOT_ARCHIVE = "erase_not_archive"
    RESTRICT_CASES = "restrict_cases"
    RESTRICT_ALSO_OBJECTION = "restrict_also_objection"
    RESTRICT_ARCHIVE = "restrict_archive"
    TAKE_GIVEN = "take_given"
    TAKE_COURTESY = "take_courtesy"
    OBJECT_WITHDRAW = "object_withdraw"
    OBJECT_NOT_CONTRACT = "object_not_contract"
    OBJECT_NOT_LAW = "object_not_law"
    OBJECT_NOT_VITAL = "object_not_vital"
    OBJECT_SITUATION = "object_situation"
    OBJECT_MARKETING = "object_marketing"
    OBJECT_ARCHIVE = "object_archive"
    WITHDRAW_ANY_TIME = "withdraw_any_time"
    WITHDRAW_SECRECY = "withdraw_secrecy"
    WITHDRAW_NOTHING = "withdraw_nothing"
    PERSON_DECIDES = "person_decides"
    TOLD_WHO = "told_who"


@dataclass(frozen=True)
class About:
    """What else of a use changes the answers.

    `secrecy`: data passed on by a permission that lifts secrecy (621/1999 26 §). `archive`: kept for archiving,
    research or statistics only (GDPR 89). `copied`: its facts come from the population register.
    """

    secrecy: bool = False
    marketing: bool = False
    archive: bool = False
    copied: bool = False


@dataclass(frozen=True)
class Answer:
    """`law` reads `gdpr 17(3)(b)` or `1050/2018 34`. `besides`: where what is no fact but a decision goes."""

    verdict: Verdict
    why: Why
    law: tuple[str, ...]
    appeal: Appeal = Appeal.OMBUDSMAN
    besides: Appeal | None = None

    @property
    def may_ask(self) -> bool:
        """There is something to ask for, if only in some cases."""
        return self.verdict is not Verdict.NO


NOTHING = About()
_YES, _LIMITED, _NO = Verdict
_IN_ARCHIVES = ("gdpr 89(2)", "1050/2018 31", "1050/2018 32")
# What may be left out of a copy: secret parts (621/1999), what another law keeps back, and other people's data.
_SEE = Answer(_YES, Why.SEE_ALL, ("gdpr 15", "gdpr 15(4)", "1050/2018 34", "621/1999 11", "621/1999 12"))
_CORRECT = Answer(_YES, Why.CORRECT_FACTS, ("gdpr 16",), besides=Appeal.REVISION)
_RESTRICT = Answer(_LIMITED, Why.RESTRICT_CASES, ("gdpr 18(1)",))
_RESTRICT_MORE = Answer(_LIMITED, Why.RESTRICT_ALSO_OBJECTION, ("gdpr 18(1)", "gdpr 18(1)(d)"))
_TAKE_GIVEN = Answer(_YES, Why.TAKE_GIVEN, ("gdpr 20(1)",))
_COURTESY = Answer(_NO, Why.TAKE_COURTESY, ("gdpr 20(1)",))
_NOT_WHILE_LAW = Answer(_LIMITED, Why.ERASE_NOT_WHILE_LAW, ("gdpr 17(3)(b)", "gdpr 17(1)(d)"))
_OBJECT = Answer(_YES, Why.OBJECT_SITUATION, ("gdpr 21(1)",))
_NO_WITHDRAWAL = Answer(_NO, Why.WITHDRAW_NOTHING, ("gdpr 7(3)",))
_EVERY = {
    Right.SEE: _SEE,
    Right.CORRECT: _CORRECT,
    Right.RESTRICT: _RESTRICT,
    Right.TAKE: _COURTESY,
    Right.WITHDRAW: _NO_WITHDRAWAL,
    Right.PERSON: Answer(_YES, Why.PERSON_DECIDES, ("gdpr 22", "434/2003 53 e"), besides=Appeal.REVISION),
    Right.TOLD: Answer(_YES, Why.TOLD_WHO, ("gdpr 19",)),
}
_BY_BASIS: Mapping[Basis, Mapping[Right, Answer]] = {
    Basis.CONSENT: _EVERY
    | {
        Right.ERASE: Answer(_YES, Why.ERASE_BUT_PROOF, ("gdpr 17(1)(b)", "gdpr 7(1)")),
        Right.TAKE: _TAKE_GIVEN,
        Right.OBJECT: Answer(_NO, Why.OBJECT_WITHDRAW, ("gdpr 21(1)", "gdpr 7(3)")),
        Right.WITHDRAW: Answer(_YES, Why.WITHDRAW_ANY_TIME, ("gdpr 7(3)",)),
    },
    Basis.CONTRACT: _EVERY
    | {
        Right.ERASE: Answer(_LIMITED, Why.ERASE_BUT_BOOKS, ("gdpr 17(1)(a)", "1336/1997 2:10")),
        Right.TAKE: _TAKE_GIVEN,
        Right.OBJECT: Answer(_NO, Why.OBJECT_NOT_CONTRACT, ("gdpr 21(1)",)),
    },
    Basis.LEGAL_OBLIGATION: _EVERY
    | {Right.ERASE: _NOT_WHILE_LAW, Right.OBJECT: Answer(_NO, Why.OBJECT_NOT_LAW, ("gdpr 21(1)",))},
    Basis.VITAL_INTERESTS: _EVERY
    | {
        Right.ERASE: Answer(_LIMITED, Why.ERASE_WHEN_NOT_NEEDED, ("gdpr 17(1)(a)",)),
        Right.OBJECT: Answer(_NO, Why.OBJECT_NOT_VITAL, ("gdpr 21(1)",)),
    },
    Basis.PUBLIC_TASK: _EVERY | {Right.ERASE: _NOT_WHILE_LAW, Right.RESTRICT: _RESTRICT_MORE, Right.OBJECT: _OBJECT},
    Basis.LEGITIMATE_INTEREST: _EVERY
    | {
        Right.ERASE: Answer(_YES, Why.ERASE_YES, ("gdpr 17(1)(a)", "gdpr 17(1)(c)")),
        Right.RESTRICT: _RESTRICT_MORE,
        Right.OBJECT: _OBJECT,
    },
}
_ARCHIVE: Mapping[Right, Answer] = {
    Right.SEE: Answer(_LIMITED, Why.SEE_ARCHIVE, ("gdpr 15", *_IN_ARCHIVES)),
    Right.CORRECT: Answer(_LIMITED, Why.CORRECT_ARCHIVE, ("gdpr 16", *_IN_ARCHIVES)),
    Right.ERASE: Answer(_NO, Why.ERASE_NOT_ARCHIVE, ("gdpr 17(3)(d)",)),
    Right.RESTRICT: Answer(_LIMITED, Why.RESTRICT_ARCHIVE, ("gdpr 18(1)", *_IN_ARCHIVES)),
    Right.TAKE: _COURTESY,
    Right.OBJECT: Answer(_LIMITED, Why.OBJECT_ARCHIVE, ("gdpr 21(6)", *_IN_ARCHIVES)),
}


def rights_of(basis: Basis, about: About = NOTHING) -> dict[Right, Answer]:
    """Every right with its answer, in the order in which pages tell them."""
    told = dict(_BY_BASIS[basis])
    if about.archive:
        told |= _ARCHIVE
    if about.copied and not about.archive:
        told[Right.CORRECT] = Answer(_LIMITED, Why.CORRECT_AT_SOURCE, ("gdpr 16",), besides=Appeal.REVISION)
    if about.secrecy and basis is not Basis.CONSENT:
        told[Right.WITHDRAW] = Answer(_YES, Why.WITHDRAW_SECRECY, ("621/1999 26",))
    if about.marketing:
        # Whatever the use rests on, and without any ground.
        told[Right.OBJECT] = Answer(_YES, Why.OBJECT_MARKETING, ("gdpr 21(2)", "gdpr 21(3)"))
    return {right: told[right] for right in Right}
