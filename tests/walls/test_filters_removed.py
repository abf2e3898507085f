"""Every resident page says the same when the filter on the person is taken out of each of its queries."""

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection

from tests.pages.conftest import city, resident_in
from tests.residents import Resident

__all__ = ["city", "resident_in"]
PAGES = ("home", "data", "usage", "permissions", "data/sports/sports-courses", "settings/letters")
_FILTER = re.compile(r'("\w+"\."(?:person_id|subject)") = %s')


class _Without:
    """Takes `person = ...` out of every statement; `taken` counts how often."""

    def __init__(self) -> None:
        self.taken = 0

    def __call__(
        self, execute: Callable[..., Any], sql: str, params: Sequence[Any] | None, many: bool, context: Any
    ) -> Any:
        without, count = _FILTER.subn(r"(\1 = %s OR true)", sql)
        self.taken += count
        return execute(without, params, many, context)


def _lines(body: bytes) -> list[str]:
    return [line for line in body.decode().splitlines() if "csrfmiddlewaretoken" not in line]


@pytest.mark.parametrize("path", PAGES)
def test_without_its_filters_a_page_shows_nobody_else(path: str, resident_in: Callable[[str], Resident]) -> None:
    mine, _ = resident_in("raili"), resident_in("otso")
    with_filters = mine.browser.get(f"/fi/{path}/")
    without = _Without()
    with connection.execute_wrapper(without):
        bare = mine.browser.get(f"/fi/{path}/")
    assert (bare.status_code, without.taken > 0) == (200, True)
    assert _lines(bare.content) == _lines(with_filters.content)
