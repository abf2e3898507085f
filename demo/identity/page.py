"""The page of the demo's identity service: pick who you are."""

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Protocol

from demo.identity.breakage import TOLD, Break

_WORDS = {
    "fi": (
        "Kuka olet tänään?",
        "Kaikki ihmiset ovat keksittyjä. Oikeaa tunnistusta ei käytetä.",
        "Kirjaudu",
        "Etsi nimellä",
        "Riko jotain",
        "Valitse vika ja sitten ihminen. Portaalin täytyy kieltäytyä.",
        "Ei vikaa",
    ),
    "sv": (
        "Vem är du i dag?",
        "Alla människor är påhittade. Ingen riktig identifiering används.",
        "Logga in",
        "Sök med namn",
        "Ha sönder något",
        "Välj ett fel och sedan en människa. Portalen måste säga nej.",
        "Inget fel",
    ),
    "en": (
        "Who are you today?",
        "All people are made up. No real identification is used.",
        "Sign in",
        "Search by name",
        "Break something",
        "Choose a fault, then a person. The portal must refuse.",
        "No fault",
    ),
}
_STYLE = Path(__file__).with_name("page.css").read_text()


class Shown(Protocol):
    """What the list shows of someone."""

    @property
    def slug(self) -> str: ...
    @property
    def label(self) -> str: ...
    @property
    def told(self) -> str: ...


def picking_page(people: Iterable[Shown], *, language: str, session: str, query: str, broken: str) -> str:
    """HTML of the picking page; `session` is the pending authorization."""
    title, note, act, search, panel, help_, none = _WORDS.get(language, _WORDS["en"])
    rows = "".join(
        f"<li><strong>{escape(who.label)}</strong><p>{escape(who.told)}</p>"
        f'<button name="person" value="{escape(who.slug)}">{act}: {escape(who.label)}</button></li>'
        for who in people
    )
    faults = "".join(
        f'<option value="{fault.value}"{" selected" if fault.value == broken else ""}>{escape(told)}</option>'
        for fault, told in {Break.NONE: none, **TOLD}.items()
    )
    return f"""<!doctype html><html lang="{language}"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title><style>{_STYLE}</style></head>
<body><main><h1>{title}</h1><p>{note}</p>
<form method="get"><input type="hidden" name="session" value="{escape(session)}">
<label>{search} <input name="q" value="{escape(query)}"></label> <button>{search}</button></form>
<form method="post"><input type="hidden" name="session" value="{escape(session)}">
<ul class="who">{rows}</ul>
<fieldset><legend>{panel}</legend><p id="help">{help_}</p>
<label>{panel} <select name="break" aria-describedby="help">{faults}</select></label></fieldset></form>
</main></body></html>"""
