"""What exactly went wrong, in the language of whoever reads it."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from datasources.errors import Fact, filled
from datasources.rules.faults import Said

# Its value is a text of the catalogue, not a name of the department's: "The web interface".
_TRANSLATED = "system"
_APART = {"en": ","}
_NBSP = "\N{NO-BREAK SPACE}"


def closely(sentences: Sequence[Said], error: str) -> str:
    """HTML: the sentences with their facts; `error`, the English of a row that was kept before there were any."""
    if not sentences:
        return format_html('<span lang="en">{}</span>', error) if error else ""
    return format_html("{}", " ".join(map(_told, sentences)))


def _told(said: Said) -> str:
    facts: dict[str, Fact] = dict(said["facts"])
    if isinstance(system := facts.get(_TRANSLATED), str):
        facts[_TRANSLATED] = gettext(system)
    text = filled(gettext(said["sentence"]), facts, apart=_APART.get((get_language() or "")[:2], _NBSP))
    return f"{said['dataset']}: {text}" if said["dataset"] else text
