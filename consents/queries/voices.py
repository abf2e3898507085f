"""Who decides about a permission, of what the purpose states and of what was answered before."""

from datetime import date

from django.utils.translation import gettext

from consents.enums import ConsentState
from consents.models import Consent, ConsentEvent, Purpose
from consents.rules.acting import GUARDIAN, OFFICE, OWN, OWN_VOICE, Deciders, Says, Voice, is_nearly_grown, voice

# Being asked, and what a job did, is nobody's answer.
_ANSWERS = (ConsentState.GIVEN, ConsentState.PENDING, ConsentState.REFUSED, ConsentState.WITHDRAWN)
_BY_PEOPLE = ("resident", "staff")


def deciders_of(purpose: Purpose) -> Deciders:
    """Who decides for a child, as the purpose states it."""
    return Deciders(purpose.child_decides_from, purpose.guardian_too, purpose.adults_only)


def answered_themselves(consent: Consent) -> bool:
    """The latest answer was the person's own, here or at a desk."""
    answers = ConsentEvent.objects.filter(consent=consent, person_id=consent.person_id, state__in=_ANSWERS)
    latest = answers.filter(actor_kind__in=_BY_PEOPLE).order_by("-number").first()
    return latest is not None and (latest.said_right or latest.actor_right) in {OWN, OFFICE}


def voice_about(consent: Consent, says: Says, *, today: date) -> Voice:
    """What whoever `says` may do about this permission. One statement where a guardian answers beside the child."""
    deciders = deciders_of(consent.purpose)
    beside = says.right == GUARDIAN and deciders.guardian_too and is_nearly_grown(says, today=today)
    return voice(says, deciders, today=today, answered=beside and answered_themselves(consent))


def deciders_told(deciders: Deciders) -> tuple[str, ...]:
    """Who answers for a child, in sentences."""
    if deciders.adults_only:
        return (gettext("Only adults are asked this."),)
    told = []
    ages = {"age": deciders.child_from}
    if deciders.child_from:
        told.append(gettext("Guardians answer for a child under %(age)s.") % ages)
    if deciders.child_from < OWN_VOICE:
        told.append(gettext("From the age of %(age)s the child answers. Until 15, guardians are told of it.") % ages)
    if deciders.guardian_too:
        told.append(gettext("From 15 on a guardian may answer what the young person has not answered."))
    else:
        told.append(gettext("From 15 on only the young person sees the question and answers it."))
    return tuple(told)
