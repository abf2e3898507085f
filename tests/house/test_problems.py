"""Every kind of problem that is raised is named, and explained in three languages."""

import ast
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.utils.translation import gettext, override

from portal.rest.problem_kinds import OF_STATUS, kinds
from tests.house.sources import product_code


def _raised() -> Iterator[tuple[str, ast.expr]]:
    """(where, what names its kind) of each problem that is made."""
    for path, tree in product_code():
        sources = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        for node in ast.walk(tree) if "portal.rest.problems" in sources else ():
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Name)
                and node.func.id in {"Refused", "problem"}
            ):
                yield f"{path}:{node.lineno}", node.args[0]


def test_a_problem_is_raised_by_the_name_of_its_kind() -> None:
    raised = dict(_raised())
    assert raised
    assert {where for where, name in raised.items() if not isinstance(name, ast.Name) or not name.id.isupper()} == set()


@pytest.mark.parametrize("slug", kinds())
def test_a_kind_is_explained_in_three_languages(slug: str) -> None:
    told = set()
    for language, _ in settings.LANGUAGES:
        with override(language):
            told.add((gettext(kinds()[slug].title), gettext(kinds()[slug].advice)))
    assert len(told) == len(settings.LANGUAGES)
    page = Client(HTTP_HOST="127.0.0.1").get(f"/api/problems/{slug}/").content.decode()
    assert [f'<section lang="{language}">' in page for language, _ in settings.LANGUAGES] == [True, True, True]


def test_every_status_that_the_framework_raises_has_a_kind() -> None:
    assert set(OF_STATUS) >= {400, 401, 403, 404, 405, 413, 415, 429, 500}
