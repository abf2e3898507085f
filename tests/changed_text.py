"""`python -m tests.changed_text`: the library asks for something else, by the steps that its staff take.

Run with the environment of a running portal: the reading tips come once a week, and the day of the loan is needed.
"""

import copy

import django

CHANGED = {
    "fi": ("kerran kuussa", "kerran viikossa"),
    "sv": ("en gång i månaden", "en gång i veckan"),
    "en": ("once a month", "once a week"),
}
SLUG = "reading-tips"
SCOPE = {"library-loans": {"needed": ["title", "kind", "lent_on"], "optional": ["branch"]}}


def change_text() -> None:
    """Begun, drafted, sent, approved by someone else, published."""
    django.setup()
    from django.utils import timezone  # noqa: PLC0415

    from consents.enums import Change, OldAnswers  # noqa: PLC0415
    from consents.models import Purpose  # noqa: PLC0415
    from consents.publishing import drafting, versions  # noqa: PLC0415
    from portal.ledger.actor import Actor, ActorKind, Right  # noqa: PLC0415
    from portal.walls import Role, scope  # noqa: PLC0415

    keeper = Actor(ActorKind.STAFF, "keeper-1", Right.OFFICE, unit="library", role="keeper")
    officer = Actor(ActorKind.STAFF, "officer", Right.OFFICE, role="dpo")
    with scope(Role.STAFF, departments=["*"]):
        at = timezone.now()
        purpose = Purpose.objects.get(slug=SLUG)
        change, old = Change.CHANGE, OldAnswers.ASKED_AGAIN
        text = versions.begin_version(purpose.pk, change=change, old_answers=old, by=keeper, at=at)
        parts = copy.deepcopy(text.parts)
        for language, (before, after) in CHANGED.items():
            parts[language]["why"] = parts[language]["why"].replace(before, after)
        text = drafting.draft_text(text.pk, parts=parts, scope=SCOPE, revision=text.revision, by=keeper, at=at)
        drafting.send_for_approval(text.pk, revision=text.revision, by=keeper, at=at)
        drafting.approve(text.pk, by=officer, at=at)
        versions.publish(text.pk, by=keeper, at=at)


if __name__ == "__main__":
    change_text()
