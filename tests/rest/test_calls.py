"""What a department's call goes past, and what it does not."""

import pytest
from django.test import Client as Program

from tests.rest.letting_in import program

__all__ = ["program"]
pytestmark = pytest.mark.django_db
CHECKS = "/api/v1/checks/"


def test_a_call_meets_what_guards_every_answer_and_no_session(program: Program) -> None:
    answer = program.post(CHECKS, b"{}", content_type="application/json")
    told = answer.headers
    assert (answer.status_code, told["X-Content-Type-Options"]) == (401, "nosniff")
    assert "default-src 'none'" in told["Content-Security-Policy"]
    assert told["Content-Length"] == str(len(answer.content))
    assert ("Vary" in told, "Set-Cookie" in told, "Content-Language" in told) == (False, False, False)


def test_a_call_by_the_staffs_door_leads_nowhere(program: Program) -> None:
    assert program.post(CHECKS, b"{}", content_type="application/json", HTTP_HOST="localhost").status_code == 404


def test_a_page_about_the_api_goes_the_way_of_pages(program: Program) -> None:
    answer = program.get("/api/v1/docs/")
    assert (answer.status_code, answer.headers["X-Frame-Options"]) == (200, "DENY")


def test_an_address_that_is_none_is_answered_as_a_call(program: Program) -> None:
    answer = program.get("/api/v1/no-such-call/")
    assert (answer.status_code, answer.headers["Content-Type"]) == (401, "application/problem+json")


def test_a_call_to_a_host_that_is_not_ours_is_refused(program: Program) -> None:
    assert (
        program.post(CHECKS, b"{}", content_type="application/json", HTTP_HOST="elsewhere.example").status_code == 400
    )
