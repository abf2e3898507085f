"""A receipt as it is read: page, printed sheet and stored page show the same lines, in the reader's language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.receipts.happenings import Happening
from consents.receipts.pdf import Words
from portal.i18n.dates import day_text, moment_text
from portal.i18n.languages import language_now
from portal.ledger.proofs import Seal

# One sentence a kind of receipt, and one for what is no answer but stands among the events.
SAID: Mapping[str, str | Promise] = {
    Happening.REQUESTED: _("You were asked for a permission."),
    Happening.GIVEN: _("You gave this permission."),
    Happening.CHANGED: _("You changed what this permission covers."),
    Happening.RENEWED: _("You renewed this permission."),
    Happening.REFUSED: _("You did not give this permission."),
    Happening.WITHDRAWN: _("You took this permission back."),
    Happening.EXPIRED: _("This permission ended, because its time ran out."),
    Happening.SUPERSEDED: _("This permission ended, because what was asked changed."),
    Happening.TERMINATED: _("This permission ended, because the city gave up the use of data."),
    Happening.JOINED: _("This permission or question ended, because your two accounts were joined."),
    Happening.OTHER_ANSWER: _(
        "This permission ended, because your two accounts were joined. The no that you gave in the other account holds."
    ),
    Happening.PARTED: _("This permission or question ended, because the account was of two people and was parted."),
    Happening.CLOSED: _("This permission or question ended, because the account was closed."),
    Happening.SUSPENDED: _("This permission was put on hold."),
    Happening.RESUMED: _("This permission is on again."),
    Happening.PENDING: _("One guardian said yes. The permission is not on before the other guardian says yes, too."),
}
# Of what another did who may act for the person.
SAID_BY_ANOTHER: Mapping[str, str | Promise] = {
    Happening.GIVEN: _("This permission was given by someone who may act for the person."),
    Happening.CHANGED: _("What this permission covers was changed by someone who may act for the person."),
    Happening.RENEWED: _("This permission was renewed by someone who may act for the person."),
    Happening.REFUSED: _("This permission was refused by someone who may act for the person."),
    Happening.WITHDRAWN: _("This permission was taken back by someone who may act for the person."),
}
# What staff wrote down, said alike to whoever reads it.
SAID_AT_DESK: Mapping[str, str | Promise] = {
    Happening.GIVEN: _("This permission was given at a service point. Staff wrote it down."),
    Happening.REFUSED: _("This permission was refused at a service point. Staff wrote it down."),
    Happening.WITHDRAWN: _("This permission was taken back at a service point. Staff wrote it down."),
}
SAID_AT_DESK_BY_ANOTHER: Mapping[str, str | Promise] = {
    Happening.GIVEN: _(
        "This permission was given at a service point by someone who may act for the person. Staff wrote it down."
    ),
    Happening.PENDING: _(
        "One guardian said yes at a service point. The permission is not on before the other guardian says yes, too."
    ),
    Happening.REFUSED: _(
        "This permission was refused at a service point by someone who may act for the person. Staff wrote it down."
    ),
    Happening.WITHDRAWN: _(
        "This permission was taken back at a service point by someone who may act for the person. Staff wrote it down."
    ),
}
SAID_ON_PAPER_BY_ANOTHER: Mapping[str, str | Promise] = {
    Happening.GIVEN: _(
        "This permission was given on paper by someone who may act for the person. Staff wrote it down."
    ),
    Happening.PENDING: _(
        "One guardian said yes on paper. The permission is not on before the other guardian says yes, too."
    ),
    Happening.REFUSED: _(
        "This permission was refused on paper by someone who may act for the person. Staff wrote it down."
    ),
    Happening.WITHDRAWN: _(
        "This permission was taken back on paper by someone who may act for the person. Staff wrote it down."
    ),
}
SAID_ON_PAPER: Mapping[str, str | Promise] = {
    Happening.GIVEN: _("This permission was given on paper. Staff wrote it down."),
    Happening.REFUSED: _("This permission was refused on paper. Staff wrote it down."),
    Happening.WITHDRAWN: _("This permission was taken back on paper. Staff wrote it down."),
}
# Of what the person did themselves, to somebody who acts for them.
SAID_OF_THEM: Mapping[str, str | Promise] = {
    Happening.REQUESTED: _("The person was asked for a permission."),
    Happening.GIVEN: _("The person gave this permission themselves."),
    Happening.CHANGED: _("The person changed what this permission covers."),
    Happening.RENEWED: _("The person renewed this permission themselves."),
    Happening.REFUSED: _("The person did not give this permission."),
    Happening.WITHDRAWN: _("The person took this permission back themselves."),
    Happening.JOINED: _("This permission or question ended, because two accounts of the person were joined."),
    Happening.OTHER_ANSWER: _(
        "This permission ended, because two accounts of the person were joined. "
        "The no given in the other account holds."
    ),
}
# (on paper, said by who acts for the person).
_AT_DESK = {
    (False, False): SAID_AT_DESK,
    (True, False): SAID_ON_PAPER,
    (False, True): SAID_AT_DESK_BY_ANOTHER,
    (True, True): SAID_ON_PAPER_BY_ANOTHER,
}
_THEMSELVES = {"own", "system", "office"}
Line = tuple[str, str]


@dataclass(frozen=True)
class Sheet:
    """What a receipt says: `lines` are (name, value), `data` (dataset, lines), `events` (when, what)."""

    name: str
    said: str
    at: str
    lines: tuple[Line, ...]
    data: tuple[tuple[str, tuple[Line, ...]], ...]
    events: tuple[Line, ...]
    verify_at: str


def sheet_of(receipt: Mapping[str, Any], *, acting: bool = False, locked: str = "") -> Sheet:
    """The receipt in the language in force; `acting`: who reads it acts for another; `locked`: see `locked_told`."""
    record = receipt["consent_record"]
    processing = record["pii_processing"]
    return Sheet(
        name=_told(processing["purpose"]["name"]),
        said=_said(record["events"][-1], acting=acting),
        at=_moment(record["events"][-1]["event_time"]),
        lines=(*_lines(receipt, record, processing, acting=acting), *_locked(locked)),
        data=tuple(_data(processing, record["events"][-1])),
        events=tuple((_moment(each["event_time"]), _said(each, acting=acting)) for each in record["events"]),
        verify_at=receipt["verify_at"],
    )


def _said(event: Mapping[str, Any], *, acting: bool) -> str:
    kind, right = event["event_type"], event["entity_right"]
    if right not in _THEMSELVES:
        told = SAID_BY_ANOTHER
    elif right == "office":
        told = _AT_DESK[event["channel"] == "paper", "spoken_by_right" in event]
    else:
        told = SAID_OF_THEM if acting else {}
    return str(told.get(kind) or (SAID_OF_THEM.get(kind) if acting else None) or SAID[kind])


def _lines(
    receipt: Mapping[str, Any], record: Mapping[str, Any], processing: Mapping[str, Any], *, acting: bool
) -> Iterator[Line]:
    parties = {party["party_id"]: party for party in record["party_identification"]}
    yield gettext("To whom"), _told(parties["recipient"]["party_name"])
    yield gettext("Why"), _told(processing["purpose"]["description"])
    if "validity" in processing:
        yield gettext("On until"), day_text(datetime.fromisoformat(processing["validity"]["valid_until"]))
    if "waits_until" in processing:
        waits_until = day_text(datetime.fromisoformat(processing["waits_until"]))
        yield (
            gettext("Still waited for"),
            gettext("The yes of the other guardian, until %(day)s") % {"day": waits_until},
        )
    yield gettext("Who else gets it"), _told(processing["recipients_told"])
    yield gettext("How you take it back"), _told(processing["withdrawal"]["told"])
    yield gettext("Legal basis"), _basis(processing, acting=acting)
    yield gettext("Version of the text"), str(processing["privacy_notice"]["version"])
    yield gettext("Who is responsible"), _told(parties["controller"]["party_name"])
    yield gettext("Data protection officer"), parties["data_protection_officer"]["party_email"]
    if paper := record["events"][-1].get("paper_reference"):
        yield gettext("Number of the scanned paper"), paper
    yield gettext("Number of the receipt"), receipt["receipt_id"]
    yield gettext("Number in the log"), receipt["ledger"]["entry_id"]


def _locked(told: str) -> Iterator[Line]:
    if told:
        yield gettext("Lock of the log"), told


def locked_told(seal: Seal | None) -> str:
    """Whether the entry can still be changed unnoticed."""
    if seal is None:
        return gettext("Waits to be locked. That takes less than a minute.")
    told = gettext("Locked: %(at)s. The entry can no longer be changed unnoticed.")
    return told % {"at": moment_text(seal.at)}


def _basis(processing: Mapping[str, Any], *, acting: bool) -> str:
    articles = ", ".join(each.removeprefix("eu-gdpr:A").replace("-", ".") for each in processing["lawful_basis"])
    if acting:
        told = gettext("Permission, GDPR article %(articles)s") % {"articles": articles}
    else:
        told = gettext("Your permission, GDPR article %(articles)s") % {"articles": articles}
    secrecy = processing.get("secrecy_lifted_by")
    return f"{told}; {secrecy}" if secrecy else told


def _data(processing: Mapping[str, Any], event: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Line, ...]]]:
    waits = "waits_until" in processing
    label = gettext("Would be covered") if waits else gettext("Covered")
    for each in processing["pii_information"]:
        chosen = set(event["pii_attributes"])
        if not waits:
            chosen = {part["pii_attribute_id"] for part in each["attributes"] if part["covered"]}
        covered = [_told(part["name"]) for part in each["attributes"] if part["pii_attribute_id"] in chosen]
        others = [_told(part["name"]) for part in each["attributes"] if part["pii_attribute_id"] not in chosen]
        register = each["source"]
        lines = (
            (label, ", ".join(covered)),
            (gettext("Not covered"), ", ".join(others)),
            (gettext("Where it comes from"), _told(register["name"])),
            (gettext("How long it is kept"), _told(register["retention"])),
        )
        yield _told(each["name"]), tuple(line for line in lines if line[1])


def _told(names: Mapping[str, str]) -> str:
    return names[language_now()]


def _moment(at: str) -> str:
    return moment_text(datetime.fromisoformat(at))


def words_of(sheet: Sheet) -> Words:
    """The same for print, in the language in force."""
    return Words(
        language=language_now(),
        title=gettext("Receipt: %(name)s") % {"name": sheet.name},
        said=sheet.said,
        at=sheet.at,
        lines=sheet.lines,
        data_title=gettext("Which data"),
        data=sheet.data,
        events_title=gettext("What has happened"),
        events=sheet.events,
        check_title=gettext("Is this receipt genuine?"),
        check=gettext("Anyone can check it at this address. The file to be checked is attached to this document."),
        code_says=gettext("A code that leads to the address where receipts are checked"),
        file_says=gettext("The signed file of this receipt"),
    )
