"""What the check of a receipt answers, to people in a sentence and to programs in JSON."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParserError
from django.http.request import UnreadablePostError
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consents.receipts.happenings import Happening
from consents.receipts.reading import newer_than
from consents.receipts.verifying import LARGEST, Fault, NotVerified, Verified, read_file, verify
from portal.i18n.dates import moment_text
from portal.ledger.proofs import is_ours
from portal.pages.receipt_sheets import SAID, SAID_OF_THEM
from portal.requests.erasing.receipts import is_erasure, verify_erasure
from portal.walls import Role, scope

TOO_OFTEN, ERASED = "too_often", "erased"
_FAULTS: Mapping[str, str | Promise] = {
    Fault.EMPTY: _("Choose the file of a receipt, or paste what is in it."),
    Fault.TOO_BIG: _("This is too big to be a receipt."),
    Fault.NOT_A_RECEIPT: _("This is not a receipt. Use the JSON file just as it was downloaded."),
    Fault.UNKNOWN_KEY: _("This receipt is not genuine: it was not signed with a key of ours."),
    Fault.CHANGED: _("This receipt is not genuine: it was changed after it was signed."),
    Fault.OTHER_FORM: _("We have signed this, but it does not have the form of a receipt."),
    Fault.NOT_IN_THE_LOG: _("We have signed this receipt, but what the file says of its place in the log is wrong."),
    TOO_OFTEN: _("Too many receipts were checked from your address. Try again in a minute."),
}
# Whoever checks a receipt need not be the one who answered; what the city ended is told alike to both.
_HAPPENED: Mapping[str, str | Promise] = {
    Happening.GIVEN: _("The permission was given."),
    Happening.CHANGED: _("What the permission covers was changed."),
    Happening.RENEWED: _("The permission was renewed."),
    Happening.REFUSED: _("The permission was not given."),
    Happening.WITHDRAWN: _("The permission was taken back."),
    Happening.PENDING: _("One guardian said yes. The permission was not on yet."),
    Happening.JOINED: SAID_OF_THEM[Happening.JOINED],
    Happening.OTHER_ANSWER: SAID_OF_THEM[Happening.OTHER_ANSWER],
    ERASED: _("Data was erased. The receipt tells what went and what stayed."),
}
_STATUS = {Fault.TOO_BIG: 413, TOO_OFTEN: 429}
# The frame that a browser or curl puts around a file.
_FRAME = 8 * 1024


@dataclass(frozen=True)
class Verdict:
    """`genuine`: signed by us, unchanged, whole. `newer_event`: None: it cannot be told. `message`: for people."""

    genuine: bool
    message: str
    fault: str | None = None
    signature: bool | None = None
    schema: bool | None = None
    newer_event: bool | None = None
    event_type: str | None = None
    event_time: str | None = None
    receipt_id: str | None = None
    key: str | None = None
    log_index: int | None = None

    @property
    def status(self) -> int:
        """Of the answer over HTTP."""
        return 200 if self.genuine else _STATUS.get(self.fault or "", 422)

    @property
    def said(self) -> str:
        """What the receipt is a receipt of."""
        return str(_HAPPENED.get(self.event_type) or SAID[self.event_type]) if self.event_type else ""

    @property
    def at(self) -> str:
        """When that was."""
        return moment_text(datetime.fromisoformat(self.event_time)) if self.event_time else ""

    def told(self) -> dict[str, object]:
        """As JSON."""
        return asdict(self)


# Whether the signature held, where it came to that.
_SIGNATURE: Mapping[str, bool] = {
    Fault.CHANGED: False,
    Fault.UNKNOWN_KEY: False,
    Fault.OTHER_FORM: True,
    Fault.NOT_IN_THE_LOG: True,
}


def refused(fault: str) -> Verdict:
    """Told in a sentence, and how far the check came."""
    schema = False if fault == Fault.OTHER_FORM else None
    return Verdict(False, str(_FAULTS[fault]), str(fault), signature=_SIGNATURE.get(fault), schema=schema)  # noqa: FBT003


def verdict_on(brought: bytes) -> Verdict:
    """The check of what was brought, and whether something newer happened to the permission it is about."""
    try:
        if is_erasure(file := read_file(brought)):
            return _of_erasure(file["receipt"], verify_erasure(file))
        verified = verify(brought)
    except NotVerified as told:
        return refused(told.fault)
    if verified.head and not is_ours(verified.head):
        return refused(Fault.NOT_IN_THE_LOG)
    # The signature holds: the permission's id was ours to give, and only its own rows are opened.
    with scope(Role.LOGIN, lookups=[verified.consent.bytes]):
        newer = newer_than(verified.consent, verified.event["number"])
    return _accepted(verified, newer)


def _accepted(verified: Verified, newer: bool | None) -> Verdict:  # noqa: FBT001
    event = verified.event
    return Verdict(
        genuine=True,
        message=f"{_genuine()} {_about_newer(newer)}",
        signature=True,
        schema=True,
        newer_event=newer,
        event_type=event["event_type"],
        event_time=event["event_time"],
        receipt_id=verified.receipt["receipt_id"],
        key=verified.kid,
        log_index=verified.index,
    )


def _of_erasure(receipt: Mapping[str, str], key: str) -> Verdict:
    """Nothing newer can happen to it, and it has no place in the log of its own."""
    return Verdict(
        genuine=True,
        message=_genuine(),
        signature=True,
        schema=True,
        event_type=ERASED,
        event_time=receipt["issued_at"],
        receipt_id=receipt["id"],
        key=key,
    )


def _genuine() -> str:
    return gettext("This receipt is genuine. It has not been changed.")


def _about_newer(newer: bool | None) -> str:  # noqa: FBT001
    if newer is None:
        return gettext("The city no longer keeps this permission. It cannot tell whether something newer has happened.")
    if newer:
        return gettext("Something newer has happened to this permission. This is not its latest receipt.")
    return gettext("Nothing newer has happened to this permission.")


def brought_by(request: HttpRequest) -> bytes:
    """The file or the text of a form, or the body itself; NotVerified when it is too big to be looked at."""
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST + _FRAME:
        raise NotVerified(Fault.TOO_BIG)
    try:
        return _form(request) if request.content_type == "multipart/form-data" else _body(request)
    except (MultiPartParserError, BadRequest, SuspiciousOperation, UnreadablePostError, ValueError, LookupError):
        raise NotVerified(Fault.NOT_A_RECEIPT) from None


def _form(request: HttpRequest) -> bytes:
    files = [file for _, several in request.FILES.lists() for file in several if isinstance(file, UploadedFile)]
    if files:
        return bytes(files[0].read())
    return next((text for text in _texts(request.POST) if text.strip()), "").encode("utf-8", "surrogatepass")


def _texts(form: QueryDict) -> list[str]:
    return [text for _, texts in form.lists() for text in texts]


def _body(request: HttpRequest) -> bytes:
    """`curl -d @file` says that it sends a form, and sends the file."""
    body = request.body
    if request.content_type != "application/x-www-form-urlencoded" or body.lstrip()[:1] == b"{" or b"=" not in body:
        return body
    return next((text for text in _texts(QueryDict(body)) if text.strip()), "").encode("utf-8", "surrogatepass")
