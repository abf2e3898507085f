"""The page on which the demo shows what was sent to Suomi.fi Messages."""

from collections.abc import Iterable
from html import escape

_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Messages of the demo</title><h1>Messages of the demo</h1>
<p>Everything here is made up. These letters came by Suomi.fi Messages, the newest first.</p>{letters}</html>"""
_LETTER = "<article><h2>{title}</h2><p>To {name}</p><pre>{body}</pre></article>"


def inbox_page(letters: Iterable[tuple[str, str, str]]) -> str:
    """`letters` are (name, title, body)."""
    told = [_LETTER.format(name=escape(name), title=escape(title), body=escape(body)) for name, title, body in letters]
    return _PAGE.format(letters="".join(told) or "<p>Nothing yet.</p>")
