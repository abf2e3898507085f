"""Templates carry no script or style of their own, trust no text, and know no city."""

import re

import pytest

from tests.house.sources import PRODUCT, ROOT, files, product_code, templates

INLINE = re.compile(r"<style|\sstyle\s*=|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", re.IGNORECASE)
TRUSTED = re.compile(r"\|\s*safe\b|autoescape\s+off|mark_safe|\|\s*safeseq")
CITIES = re.compile(r"espoo|esbo\b|turku|turun\b|åbo\b|(?<!europe/)helsinki|helsingfors", re.IGNORECASE)
# Which city's facts are read when nobody says which.
MAY_NAME = {"portal/settings.py": {'CITY = env_str("CITY", "espoo")'}}


@pytest.mark.security("V1.2.1")
def test_no_template_has_inline_script_or_style() -> None:
    assert [str(path) for path, text in templates() if INLINE.search(text)] == []


@pytest.mark.security("V1.2.1")
def test_no_text_is_trusted_as_html() -> None:
    said = [*templates(), *((path, (ROOT / path).read_text()) for path, _ in product_code())]
    assert [str(path) for path, text in said if TRUSTED.search(text)] == []


def test_pages_name_no_table() -> None:
    rows = re.compile(r"\.objects\b|_default_manager|connection\.cursor|\.raw\(")
    pages = [path for path in files() if path.parts[:2] == ("portal", "pages") and path.suffix == ".py"]
    assert pages
    assert [str(path) for path in pages if rows.search((ROOT / path).read_text())] == []


def test_no_city_is_named_outside_its_own_facts() -> None:
    tops = {*PRODUCT, "templates", "static", "locale"}
    named = []
    for path in files():
        if path.parts[0] not in tops or {"catalogue", "vendor"} & set(path.parts):
            continue
        for line in (ROOT / path).read_text().splitlines():
            if CITIES.search(line) and line.strip() not in MAY_NAME.get(str(path), set()):
                named.append(f"{path}: {line.strip()}")
    assert named == []


def test_no_form_loses_its_token() -> None:
    """What is included with `only` sees no token unless it is handed one, and what it sends is refused."""
    whole = {str(path.relative_to("templates")): text for path, text in templates()}
    alone = re.compile(r'{%\s*include "([^"]+)"([^%]*)\bonly\s*%}')
    lost = [
        f"{path} includes {name}"
        for path, text in whole.items()
        for name, handed in alone.findall(text)
        if "{% csrf_token %}" in whole.get(name, "") and "csrf_token=csrf_token" not in handed
    ]
    assert lost == []
