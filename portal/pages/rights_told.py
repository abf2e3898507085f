"""Rights in plain words: what each is called, why there is one or not, where the law says so, how to disagree."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.rules.rights import About, Answer, Appeal, Right, Verdict, Why, rights_of
from datasources.enums import Basis
from portal.requests.enums import Law

Sentences = Mapping[str, str | Promise]
RIGHTS: Sentences = {
    Right.SEE: _("Seeing the data"),
    Right.CORRECT: _("Correcting wrong data"),
    Right.ERASE: _("Erasing data"),
    Right.RESTRICT: _("Limiting the use"),
    Right.TAKE: _("Taking the data along"),
    Right.OBJECT: _("Objecting to the use"),
    Right.WITHDRAW: _("Taking a permission back"),
    Right.PERSON: _("A decision by a person"),
    Right.TOLD: _("Knowing who got the data"),
}
VERDICTS: Sentences = {
    Verdict.YES: _("Yes"),
    Verdict.LIMITED: _("In some cases"),
    Verdict.NO: _("No"),
}
REASONS: Sentences = {
    Why.SEE_ALL: _("You get a copy. Only what the law keeps secret, or what is about others, is left out."),
    Why.SEE_ARCHIVE: _("The data is kept for archiving, research or statistics, so this can be limited."),
    Why.CORRECT_FACTS: _("Wrong facts are corrected. A decision you disagree with is revised if you claim it."),
    Why.CORRECT_AT_SOURCE: _("The facts come from the population register. They are corrected there first."),
    Why.CORRECT_ARCHIVE: _("The data is kept for archiving, research or statistics, so this can be limited."),
    Why.ERASE_BUT_PROOF: _("The data is erased. Proof that you gave the permission stays."),
    Why.ERASE_WHEN_NOT_NEEDED: _("The data is erased when it is no longer needed."),
    Why.ERASE_BUT_BOOKS: _("The data is erased when it is not needed. What the accounts need stays for its time."),
    Why.ERASE_NOT_WHILE_LAW: _(
        "Not while the law says that the data has to be kept. Yes if it was kept too long, or unlawfully."
    ),
    Why.ERASE_YES: _("The data is erased when you ask for it."),
    Why.ERASE_NOT_ARCHIVE: _("The data is kept for archiving, research or statistics, where erasing would spoil it."),
    Why.RESTRICT_CASES: _(
        "If the data is in doubt or used unlawfully, or if you need it for a claim, the use can be limited."
    ),
    Why.RESTRICT_ALSO_OBJECTION: _(
        "If the data is in doubt or used unlawfully, or if you need it for a claim, the use can be limited. So it can "
        "while an objection is weighed."
    ),
    Why.RESTRICT_ARCHIVE: _("The data is kept for archiving, research or statistics, so this can be limited."),
    Why.TAKE_GIVEN: _("You get what you gave, and what your use of the service produced, in a form machines can read."),
    Why.TAKE_COURTESY: _("The law gives this right only for permissions and contracts. You get the same file here."),
    Why.OBJECT_WITHDRAW: _("The use rests on your permission. You can take the permission back instead."),
    Why.OBJECT_NOT_CONTRACT: _("The use rests on a contract with you. You can end the contract instead."),
    Why.OBJECT_NOT_LAW: _("The law requires the use, so it cannot be objected to."),
    Why.OBJECT_NOT_VITAL: _("The use protects somebody's life or health, so it cannot be objected to."),
    Why.OBJECT_SITUATION: _(
        "You can object on grounds of your own situation. The city stops, unless it shows grounds that weigh more."
    ),
    Why.OBJECT_MARKETING: _("The use is direct marketing. It ends when you object, and you need not say why."),
    Why.OBJECT_ARCHIVE: _("You can object, unless the use is needed for a task in the public interest."),
    Why.WITHDRAW_ANY_TIME: _("You can take the permission back at any time."),
    Why.WITHDRAW_SECRECY: _("You allowed that secret data is passed on. You can take that back at any time."),
    Why.WITHDRAW_NOTHING: _("The use does not rest on your permission, so there is none to take back."),
    Why.PERSON_DECIDES: _("If a program alone decided something about you, you can ask a person to decide."),
    Why.TOLD_WHO: _("Those who got the data are told of a change. You can ask who they are."),
}
LAWS: Mapping[str, str | Promise] = {
    "1050/2018": _("Data Protection Act"),
    "621/1999": _("Openness Act"),
    "434/2003": _("Administrative Procedure Act"),
    "410/2015": _("Local Government Act"),
    "1336/1997": _("Accounting Act"),
}
APPEALS: Sentences = {
    Appeal.OMBUDSMAN: _("If you disagree, you can ask the Data Protection Ombudsman to look into it."),
    Appeal.COURT: _(
        "If you disagree, you can appeal against this decision to the administrative court within 30 days of the day "
        "on which you got it."
    ),
    Appeal.REVISION: _("If you disagree with a decision, claim a revised decision within 14 days of getting it."),
}
_ARTICLE = re.compile(r"(\d+)(?:\((\d+)\))?(?:\(([a-z])\))?")


@dataclass(frozen=True)
class ToldRight:
    """One right as a page shows it."""

    name: str
    verdict: str
    why: str
    law: str


def rights_told(basis: str, about: About | None = None) -> list[ToldRight]:
    """Every right for a use that rests on `basis`, in the language in force."""
    return [_told(right, answer) for right, answer in rights_of(Basis(basis), about or About()).items()]


def _told(right: Right, answer: Answer) -> ToldRight:
    name, verdict, why = RIGHTS[right], VERDICTS[answer.verdict], REASONS[answer.why]
    return ToldRight(str(name), str(verdict), str(why), places_told(answer.law))


def places_told(places: Iterable[str]) -> str:
    """`gdpr 17(3)(b)` and `1050/2018 34` as people name them, with commas between."""
    return ", ".join(_place(*place.split(" ", 1)) for place in places)


def _place(law: str, at: str) -> str:
    if law != "gdpr":
        chapter, _colon, section = at.rpartition(":")
        told = {"law": LAWS[law], "number": law, "section": section, "chapter": chapter}
        if chapter:
            return gettext("%(law)s (%(number)s) chapter %(chapter)s section %(section)s") % told
        return gettext("%(law)s (%(number)s) section %(section)s") % told
    found = _ARTICLE.fullmatch(at)
    article, paragraph, point = found.groups() if found else (at, None, None)
    parts = {"article": article, "paragraph": paragraph, "point": point}
    if point:
        return gettext("GDPR Article %(article)s(%(paragraph)s)(%(point)s)") % parts
    if paragraph:
        return gettext("GDPR Article %(article)s(%(paragraph)s)") % parts
    return gettext("GDPR Article %(article)s") % parts


def appeal_told(law: str) -> str:
    """How to disagree with an answer under this law: the two ways are never mixed."""
    return str(APPEALS[Appeal.COURT if law == Law.OPENNESS else Appeal.OMBUDSMAN])
