"""The language that words are made in."""

from django.conf import settings
from django.utils.translation import get_language


def language_now() -> str:
    """The two letters of the language in force; the city's first where none is, as in a worker or a command."""
    return (get_language() or settings.LANGUAGE_CODE)[:2]
