"""A browser without a screen: cookies, redirects, forms. For the demo's check."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urljoin

import httpx2


@dataclass
class Form:
    """One form of a page: where it goes, what it carries, which buttons and choices it has."""

    action: str
    method: str
    values: dict[str, str] = field(default_factory=dict)
    choices: dict[str, set[str]] = field(default_factory=dict)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.links: list[tuple[str, str]] = []
        self.text: list[str] = []
        self._href = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").lower()))
        elif tag == "a":
            self._href = given.get("href", "")
        elif tag in {"input", "button"} and self.forms and given.get("name"):
            if given.get("type") in {"radio", "checkbox"} or tag == "button":
                self.forms[-1].choices.setdefault(given["name"], set()).add(given.get("value", ""))
            else:
                self.forms[-1].values[given["name"]] = given.get("value", "")

    def handle_data(self, data: str) -> None:
        words = " ".join(data.split())
        if words:
            self.text.append(words)
            if self._href:
                self.links.append((words, self._href))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._href = ""


@dataclass(frozen=True)
class Page:
    """What came back."""

    url: str
    status: int
    text: str
    forms: list[Form]
    links: list[tuple[str, str]]

    def link(self, words: str) -> str:
        """The address behind the first link with these words."""
        return urljoin(self.url, next(href for said, href in self.links if words in said))

    def form(self, *, posting_to: str = "", with_choice: str = "") -> Form:
        """The form that posts to an address ending so, or that offers this choice."""
        return next(
            form
            for form in self.forms
            if (posting_to and form.action.endswith(posting_to)) or (with_choice and with_choice in form.choices)
        )


class Browser:
    """Follows redirects across the portal and the identity service, and keeps their cookies apart by host."""

    def __init__(self, language: str) -> None:
        self.visited: list[str] = []
        self.client = httpx2.Client(follow_redirects=True, timeout=20, headers={"Accept-Language": language})
        self.client.event_hooks = {"request": [lambda request: self.visited.append(str(request.url))]}

    def open(self, url: str) -> Page:
        """GET."""
        return _page(self.client.get(url))

    def send(self, page: Page, form: Form, **more: str) -> Page:
        """POST (or GET) a form of the page with what it carries and `more`."""
        return self._post(page, form, more)

    def bring(self, page: Page, form: Form, name: str, content: bytes, **more: str) -> Page:
        """The same with a file in the field `file`."""
        return self._post(page, form, more, files={"file": (name, content)})

    def _post(self, page: Page, form: Form, more: dict[str, str], **told: Any) -> Page:
        target = urljoin(page.url, form.action)
        values = {**form.values, **more}
        headers = {
            "Referer": page.url,
            "Origin": f"{httpx2.URL(page.url).scheme}://{httpx2.URL(page.url).netloc.decode()}",
        }
        return _page(self.client.post(target, data=values, headers=headers, **told))


def _page(answer: httpx2.Response) -> Page:
    reader = _Reader()
    reader.feed(answer.text)
    return Page(str(answer.url), answer.status_code, " ".join(reader.text), reader.forms, reader.links)
