"""Whether this very session has passed the second step: an older one that only knows the first does not open."""

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.http import HttpRequest

_ANSWER = "_second_step_passed"


def _look(request: HttpRequest) -> bool:
    user = request.user
    if not user.is_authenticated or not is_mfa_enabled(user):
        return False
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))


def second_step_passed(request: HttpRequest) -> bool:
    """True when a second step is set up and was proved in this session.

    Ask first outside every scope: the answer is kept for the request, as no role of a scope may read authenticators.
    """
    if not hasattr(request, _ANSWER):
        setattr(request, _ANSWER, _look(request))
    return bool(getattr(request, _ANSWER))
