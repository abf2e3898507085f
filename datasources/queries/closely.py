"""What exactly went wrong, in the language of whoever reads it."""

from collections.abc import Sequence

from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from datasources.errors import Fact, filled
from datasources.protocol import words
from datasources.rules.faults import Said

# Facts that are no names of the department's, but words of ours: at a sentence's beginning and within it.
_SYSTEMS = {
    *(words("The web interface"), words("the web interface"), words("The GDPR API"), words("the GDPR API")),
    *(words("The security server"), words("the security server"), words("The database"), words("the database")),
    *(words("The service behind X-Road"), words("the service behind X-Road"), words("the X-Road service")),
    *(words("the file drop"), words("the deliveries")),
}
_APART = {"en": ","}
_NBSP = "\N{NO-BREAK SPACE}"


def closely(sentences: Sequence[Said], error: str) -> str:
    """HTML: the sentences with their facts; `error`, the English of a row that was kept before there were any."""
    if not sentences:
        return format_html('<span lang="en">{}</span>', error) if error else ""
    return format_html("{}", " ".join(map(_told, sentences)))


def _told(said: Said) -> str:
    facts: dict[str, Fact] = dict(said["facts"])
    if (system := facts.get("system")) in _SYSTEMS:
        facts["system"] = gettext(str(system))
    sentence = said["sentence"]
    text = filled(gettext(sentence), facts, apart=_APART.get((get_language() or "")[:2], _NBSP))
    return f"{said['dataset']}: {text}" if said["dataset"] else text
