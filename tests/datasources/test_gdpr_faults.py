"""A GDPR API that refuses, breaks or sends garbage: a sentence each, and never a token or anybody's data in it."""

import logging
import re
import time
from collections.abc import Iterator
from typing import Any

import pytest

from datasources.errors import Declined, Garbled, MisSet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources import misbehaving as bad
from tests.datasources.gdpr_service import AINO, CODE, SECRET, GdprService, connector, introduced


@pytest.fixture
def service() -> Iterator[GdprService]:
    with bad.served(GdprService()) as running:
        yield running


@pytest.mark.parametrize(
    ("status", "answer", "fault", "sentence"),
    [
        (401, {"detail": "Invalid token."}, Refused, "does not take the person's token"),
        (403, {"detail": "No permission."}, Refused, "lacks the permission"),
        (403, b"<html>", Refused, "lacks the permission"),
        (403, {"errors": [{"code": "A B<script>", "message": None}, 7]}, Declined, "declines (unknown, unknown)"),
        (501, None, Unreachable, "switched its GDPR API off"),
        (500, {"secret": "of Aino"}, Unreachable, "out of order (HTTP 500)"),
        (503, None, Unreachable, "out of order (HTTP 503)"),
        (418, None, Garbled, "answered HTTP 418"),
    ],
)
@pytest.mark.parametrize("verb", ["one", "erase"])
def test_each_status_is_a_sentence(
    service: GdprService, verb: str, status: int, answer: Any, fault: type[SourceFault], sentence: str
) -> None:
    service.says = (status, answer)
    opened = introduced(service)
    with pytest.raises(fault, match=re.escape(sentence)):
        opened.one("orders", CODE) if verb == "one" else opened.erase(CODE)
    assert all(request.query == {"dry_run": "true"} for request in service.calls("DELETE"))


@pytest.mark.parametrize(
    ("misbehave", "fault"),
    [
        (bad.page, Garbled), (bad.page_said_to_be_json, Garbled), (bad.half, Garbled), (bad.raw_nul, Garbled),
        (bad.not_http, Garbled), (bad.hundred_megabytes, Garbled), (bad.packed, Garbled), (bad.deep, Garbled),
        (bad.deep_value, Garbled), (bad.twice, Garbled), (bad.hanging, TooSlow), (bad.dripping, TooSlow),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["/gdpr/", "/token"])
def test_garbage_is_a_fault_within_the_time_limit(
    service: GdprService, where: str, misbehave: bad.Misbehaviour, fault: type[SourceFault]
) -> None:
    service.misbehave, service.spoilt_path = misbehave, where
    limits = Limits(connect=1, answer=1, statement=1 if fault is TooSlow else 20)
    began = time.monotonic()
    with pytest.raises(fault):
        introduced(service, limits=limits).one("orders", CODE)
    assert fault is not TooSlow or time.monotonic() - began < 2


def test_an_answer_of_a_hundred_megabytes_is_cut(service: GdprService) -> None:
    service.misbehave = bad.hundred_megabytes
    with pytest.raises(Garbled, match="larger than 64 MiB"):
        introduced(service, limits=Limits.within(20)).one("orders", CODE)


@pytest.mark.parametrize("where", ["/gdpr/", "/token"])
def test_a_redirect_is_not_followed(service: GdprService, where: str) -> None:
    with bad.served(bad.Canary()) as inward:
        service.spoilt_path = where
        service.misbehave = bad.redirecting(f"http://127.0.0.1:{inward.port}/latest/meta-data")
        with pytest.raises(Garbled):
            introduced(service).one("orders", CODE)
        assert inward.seen == []


@pytest.mark.parametrize("status", [400, 401, 403, 500, 502, 302])
def test_a_token_server_that_says_no_is_a_sentence(service: GdprService, status: int) -> None:
    service.token_status = status
    with pytest.raises(SourceFault, match="token server"):
        introduced(service)


def test_nobody_at_the_door_is_a_sentence(service: GdprService) -> None:
    opened = introduced(service)
    service.shutdown()
    service.server_close()
    with pytest.raises(Unreachable):
        connector(service, ids={CODE: str(AINO)}).one("orders", CODE)
    opened.close()


@pytest.mark.parametrize("ident", ["../admin", "7", "", "http://127.0.0.1/"])
def test_an_id_that_is_no_uuid_leads_nowhere(service: GdprService, ident: str) -> None:
    service.codes["code-of-aino"] = ident  # type: ignore[assignment]
    with pytest.raises(SourceFault):
        introduced(service).one("orders", CODE)
    assert service.calls("GET") == []


@pytest.mark.parametrize(
    "settings",
    [
        {"url": "http://elsewhere.example/$user_uuid"}, {"token_url": "http://10.0.0.1/token"}, {"url": "file:///etc"},
        {"url": "https://user:pass@elsewhere.example/"}, {"url": ""},
    ],
)  # fmt: skip
def test_a_token_goes_by_tls_or_stays_on_this_machine(service: GdprService, settings: dict[str, Any]) -> None:
    with pytest.raises(MisSet, match=next(iter(settings))):
        connector(service, **settings)


def test_odd_ids_are_refused_without_being_told(service: GdprService) -> None:
    with pytest.raises(MisSet) as refused:
        connector(service, ids={CODE: "not-a-uuid"})
    assert str(refused.value) == "The settings of the GDPR API cannot be used: ids."


def test_no_token_and_nothing_of_the_person_is_ever_said(
    service: GdprService, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.WARNING, logger="httpx2")  # as portal.log_config has it
    opened = introduced(service)
    said = repr(opened.one("orders", CODE)) + repr(vars(opened)) + repr(vars(opened._tokens))
    service.trees[str(AINO)]["children"][4]["key"] = "PURCHASES"
    said += "".join(str(fault) for fault in _faults(service))
    secrets = [*service.issued, SECRET, "Trip 1", "example.org", str(AINO)]
    assert [secret for secret in secrets if secret in caplog.text] == []
    assert [secret for secret in [*secrets[:-1], "bearer"] if secret in said] == []


def _faults(service: GdprService) -> Iterator[SourceFault]:
    for says in ((403, {"detail": "Trip 1"}), (500, {"detail": "Trip 1"}), (200, {"key": "Trip 1"}), (200, ["Trip 1"])):
        service.says, service.codes["code-of-aino"] = says, AINO
        with pytest.raises(SourceFault) as fault:
            introduced(service).one("orders", CODE)
        yield fault.value
