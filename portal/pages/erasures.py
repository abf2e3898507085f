"""What an erasure would do, or did, register by register, in sentences."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import msgspec
from django.utils.translation import gettext, ngettext

from consents.rules.rights import Right, rights_of
from datasources.enums import Basis
from datasources.queries.holdings import RegisterCard
from portal.i18n.dates import day_text
from portal.i18n.languages import language_now
from portal.pages.door import ResidentRequest
from portal.pages.matters import covers, departments
from portal.pages.rights_told import places_told
from portal.requests.erasing.enums import Can, There
from portal.requests.erasing.models import Plan
from portal.requests.erasing.queries import Outlook, outlook_of, outlook_of_plan
from portal.requests.erasing.rules import Hold
from portal.requests.erasing.told import told_of

_LANGUAGES = ("fi", "sv", "en")


@dataclass(frozen=True)
class Row:
    """One register: what happens to our copies, what in the department's own system, and why."""

    slug: str
    name: str
    department: str
    here: str
    there: str
    reasons: tuple[str, ...] = ()
    law: str = ""
    retention: str = ""
    waits: bool = False


def offered(request: ResidentRequest, *, at: datetime) -> tuple[Outlook, ...]:
    """The registers that may be chosen: those that the right reaches."""
    return tuple(each for each in outlook_of(request.person, registers=None, at=at) if covers(request, each.department))


def rows_of_plan(request: ResidentRequest, plan: Plan, *, at: datetime) -> list[Row]:
    """What would happen, as the systems have answered so far."""
    sources = told_of(plan).get("sources", {})
    outlook = [each for each in outlook_of_plan(plan, at=at) if covers(request, each.department)]
    return [_foretold(each, sources.get(each.source), acting=request.power is not None) for each in outlook]


def _foretold(each: Outlook, answer: Mapping[str, Any] | None, *, acting: bool) -> Row:
    who, row = each.department_name, Row(each.slug, each.name, each.department_name, copies_told(each.copies), "")
    if acting:
        # Neither what is held here nor what the law holds is theirs to know by this page.
        return replace(row, here="", there=gettext("The staff of %(who)s decide.") % {"who": who})
    if each.held:
        return replace(row, here=gettext("The copies stay."), there=held_told(each.holds))
    match each.can:
        case Can.STAYS:
            stays = gettext("This data cannot be deleted yet, because the law says it must be kept.")
            return replace(row, there=stays, law=_law(each.law, each.basis), retention=each.retention)
        case Can.ASKED:
            asked = gettext("The staff of %(who)s decide. We send them your request. You get an answer within a month.")
            return replace(row, there=asked % {"who": who})
    there, reasons = _answer_told(who, answer)
    return replace(row, there=there, reasons=reasons, waits=answer is None)


def _law(register: str, basis: str) -> str:
    """The register's own law, and the place of the GDPR by which it stays."""
    return f"{register}; {places_told(rights_of(Basis(basis))[Right.ERASE].law[:1])}."


def _answer_told(who: str, answer: Mapping[str, Any] | None) -> tuple[str, tuple[str, ...]]:
    if answer is None:
        return gettext("We are asking %(who)s what it would erase.") % {"who": who}, ()
    if "reasons" in answer:
        return gettext("%(who)s does not erase the data that it holds:") % {"who": who}, _in_language(answer["reasons"])
    if "fault" in answer:
        silent = gettext("%(who)s does not answer now. If you go on, we try for two weeks.")
        return silent % {"who": who}, ()
    if answer["rows"] == 0:
        return gettext("%(who)s holds nothing that could be erased.") % {"who": who}, ()
    return gettext("%(who)s erases your data from its own system.") % {"who": who}, ()


def _in_language(reasons: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """The source's own words; where it has none in this language, in another."""
    place = _LANGUAGES.index(language_now())
    told = [list(each) for each in reasons]
    return tuple(each[place] or next(filter(None, each), "") for each in told)


def copies_told(copies: int) -> str:
    """What happens to our copies."""
    if not copies:
        return gettext("There is no copy of it here.")
    found = ngettext("%(n)d copy here is erased.", "%(n)d copies here are erased.", copies)
    return found % {"n": copies}


def held_told(holds: Iterable[Hold]) -> str:
    """Each law and its last day."""
    each = "; ".join(f"{hold.law}, {day_text(hold.until)}" for hold in holds)
    return gettext("Nothing may be erased for now. The law and the last day: %(holds)s.") % {"holds": each}


def rows_of_receipt(request: ResidentRequest, receipt: Mapping[str, Any]) -> list[Row]:
    """What came of it, as it was signed; names as the catalogue has them now."""
    cards = {each.register.slug: (each, who.everyday_name) for who in departments(request) for each in who.registers}
    return [_done(line, *cards[line["register"]]) for line in receipt["registers"] if line["register"] in cards]


def _done(line: Mapping[str, Any], card: RegisterCard, who: str) -> Row:
    there = There(line["in_the_departments_system"])
    holds = [Hold(each["law"], date.fromisoformat(each["until"])) for each in line["holds"]]
    copies = line["copies_erased"]
    erased = ngettext("%(n)d copy here was erased.", "%(n)d copies here were erased.", copies) % {"n": copies}
    stayed = gettext("The copies stay.") if holds else gettext("There was no copy of it here.")
    law = _law(card.register.law, line["basis"]) if there is There.STAYS else ""
    return Row(
        slug=card.register.slug,
        name=card.register.name,
        department=who,
        here=erased if copies else stayed,
        there=held_told(holds) if holds else _ended(there, who, line["asked"]),
        reasons=_in_language([[each[language] for language in _LANGUAGES] for each in line["reasons"]]),
        law=law,
        retention=card.register.retention if law else "",
    )


def _ended(there: There, who: str, number: str) -> str:
    told = {
        There.ERASED: gettext("%(who)s has erased your data from its own system."),
        There.NOTHING: gettext("%(who)s held nothing that could be erased."),
        There.REFUSED: gettext("%(who)s did not erase the data that it holds:"),
        There.ASKED: gettext("The staff of %(who)s decide. Request %(number)s."),
        There.STAYS: gettext("This data cannot be deleted yet, because the law says it must be kept."),
        There.HELD: gettext("Nothing may be erased for now."),
        There.LEFT_ALONE: gettext("%(who)s was not asked to erase anything."),
    }
    return told[there] % {"who": who, "number": number}


def opened_receipt(content: bytes) -> dict[str, Any]:
    """What the signed file says."""
    found: dict[str, Any] = msgspec.json.decode(content)["receipt"]
    return found
