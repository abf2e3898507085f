"""Not available here: one page for every reason, made by the same statements through the same code."""

import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from demo.population.server import Population
from tests.acting import REASONS, act, answer, person_of, question_of, register
from tests.residents import Resident

__all__ = ["register"]
Enter = Callable[[str], Resident]


def _guardians(register: Population, slug: str, **bounds: Any) -> dict[str, Any]:
    """Their guardians as they are told, but with these bounds."""
    return {"rights": [right | {"bounds": bounds} for right in register.told[slug]["rights"]]}


BOUNDS: dict[str, dict[str, Any]] = {
    "has no right to know": {"blocked": True},
    "the guardian is protected": {"protected": True},
    "custody ended": {"until": "2025-01-01"},
    "custody has not begun": {"since": "2035-01-01"},
}


def _plain(body: bytes) -> str:
    return "\n".join(line for line in body.decode().splitlines() if "csrfmiddlewaretoken" not in line)


# What differs by its nature: ids and sealed bytes, how many of them, and the names of savepoints.
_VALUES = re.compile(r"(?:\s*\bE)?'(?:[^']|'')*'(?:::\w+(?:\[\])?)*|\b\d+\b|\bNULL\b|\bTRUE\b|\bFALSE\b", re.IGNORECASE)
_LISTS = re.compile(r"ARRAY\[[^\]]*\](?:::\w+\[\])?|\?(?:\s*,\s*\?)+")
_POINTS = re.compile(r'"s\w+_x\d+"')


def _statement(sql: str) -> str:
    return _POINTS.sub("point", _LISTS.sub("?", _VALUES.sub("?", _LISTS.sub("?", sql))))


def _differences(told: dict[str, tuple[Any, ...]], like: str) -> dict[str, list[tuple[Any, Any]]]:
    """{reason: what differs from the reason `like`}: status, body, headers, and each statement with its fellow."""
    found = {}
    for why, each in told.items():
        parts = [*zip(told[like][:3], each[:3], strict=True), *zip(told[like][3], each[3], strict=True)]
        if odd := [(one, other) for one, other in parts if one != other]:
            found[why] = odd
    return found


def _told(answer: Any, statements: CaptureQueriesContext) -> tuple[Any, ...]:
    """Status, what the page says, every header, and every statement that was made."""
    headers = {name: value for name, value in answer.items() if name != "Content-Length"}
    return (
        answer.status_code,
        _plain(answer.content),
        tuple(sorted(headers.items())),
        tuple(_statement(query["sql"]) for query in statements),
    )


def _family_is_known(enter: Enter, register: Population) -> tuple[Resident, dict[str, dict[str, Any]]]:
    """Amira has acted for Sami and come back, and Aino's family was here; and how each reason is told."""
    amira = enter("amira")
    act(amira, "sami")
    amira.browser.post("/en/people/own/")
    act(enter("mikael"), "eino")
    bounded = {why: _guardians(register, "sami", **bounds) for why, bounds in BOUNDS.items()}
    return amira, {"unknown": {}, "another's child": {}, **REASONS, **bounded}


@pytest.mark.security("B4")
def test_every_reason_is_the_same_page_made_by_the_same_statements(resident_in: Enter, register: Population) -> None:
    amira, reasons = _family_is_known(resident_in, register)
    asked = {"unknown": uuid4(), "another's child": person_of("eino")}
    before, told = dict(register.told["sami"]), {}
    for why, change in reasons.items():
        register.told["sami"] = before | change
        with CaptureQueriesContext(connection) as statements:
            refused = amira.browser.post("/en/people/act/", {"person": str(asked.get(why, person_of("sami")))})
        told[why] = _told(refused, statements)
    assert {each[0] for each in told.values()} == {404}
    assert {why: len(each[3]) for why, each in told.items()} == dict.fromkeys(told, len(told["unknown"][3]))
    assert _differences(told, "unknown") == {}


@pytest.mark.security("B4")
def test_what_ends_in_mid_session_is_the_same_whatever_ended_it(resident_in: Enter, register: Population) -> None:
    amira, reasons = _family_is_known(resident_in, register)
    before, told = dict(register.told["sami"]), {}
    for why, change in list(reasons.items())[2:]:
        register.told["sami"] = before
        assert act(amira, "sami").status_code == 302
        question = question_of(person_of("sami"))
        register.told["sami"] = before | change
        with CaptureQueriesContext(connection) as statements:
            refused = answer(amira, question, "yes")
        told[why] = _told(refused, statements)
    assert len(told) == len(REASONS) + len(BOUNDS)
    assert {why: len(each[3]) for why, each in told.items()} == dict.fromkeys(told, len(told["died"][3]))
    assert _differences(told, "died") == {}
