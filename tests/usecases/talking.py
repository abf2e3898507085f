"""What residents send by the pages, and what moderators decide, for tests."""

from typing import Any
from uuid import UUID, uuid4

from django.utils import timezone

from consents.usecases.actions.moderating import publish
from consents.usecases.models import Case, Comment
from consents.usecases.words import Word
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.residents import Resident

CASE = "swim-reminders"


def form(**told: str) -> dict[str, str]:
    """A form as it is sent; what is told stands in place of what is usual."""
    usual = {
        "key": str(uuid4()),
        "text": "Tästä olisi hyötyä monelle.",
        "language": "fi",
        "shown": "nothing",
        "alias": "",
    }
    return usual | told


def proposal(**told: str) -> dict[str, str]:
    """The same of a proposal."""
    return form(**({"name": "Kirjaston aukiolo", "gains": "Lukijat hyötyvät."} | told))


def comments(one: Resident, **told: str) -> Any:
    """Their answer to a comment on `CASE`."""
    return one.browser.post(f"/en/use-cases/{CASE}/take-part/", form(**told))


def proposes(one: Resident, **told: str) -> Any:
    """Their answer to a proposal."""
    return one.browser.post("/en/use-cases/propose/", proposal(**told))


def words() -> list[Word]:
    """All that was sent, oldest first."""
    with scope(Role.WORKER):
        return list(Word.objects.order_by("sent_at"))


def published(word: UUID | None = None) -> None:
    """A moderator publishes it, or all that waits."""
    for each in [word] if word else [row.pk for row in words() if row.state == "waiting"]:
        publish(each, by=system("tests"), at=timezone.now())


def said() -> list[str]:
    """Texts of comments, as everyone reads them."""
    return list(Comment.objects.order_by("said_at").values_list("text", flat=True))


def case(slug: str = CASE) -> Case:
    """As it is now."""
    return Case.objects.get(slug=slug)
