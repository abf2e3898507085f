"""The Helsinki profile GDPR API: a person's tree becomes rows, and whatever else comes becomes a sentence."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.errors import Declined, Drifted, Garbled, MisSet, NotLet, Refused, SourceFault, TooSlow, Unreachable
from datasources.protocol import Limits
from tests.datasources import misbehaving as bad
from tests.datasources.gdpr_service import AINO, AUDIENCE, CLIENT, RAILI, SECRET, UMA, GdprService, tree

CODE = "010190-999X"
ORDERS = {"rows": "ORDERS/ORDER", "key": "UUID", "columns": {"name": "NAME", "paid": "PAID"}}
PROFILE = {"key": "UUID", "columns": {"email": "EMAIL", "phone": "PHONE"}}
MAPPING: dict[str, Any] = {"orders": ORDERS, "profile": PROFILE}


@pytest.fixture
def service() -> Iterator[GdprService]:
    with bad.served(GdprService()) as running:
        yield running


def connector(
    service: GdprService, *, limits: Limits | None = None, ids: dict[str, str] | None = None, **settings: str
) -> GdprApiConnector:
    told = {
        "url": f"{service.url}/gdpr/$user_uuid",
        "token_url": f"{service.url}/token",
        "audience": AUDIENCE,
        "client_id": CLIENT,
    } | settings
    secrets = {"client_secret": SECRET} | ({"ids": json.dumps(ids)} if ids else {})
    return GdprApiConnector(told, secrets, MAPPING, limits or Limits.within(2))


def introduced(service: GdprService, **settings: Any) -> GdprApiConnector:
    """Opened for Aino, who came back from the token server."""
    opened = connector(service, **settings)
    opened.introduce(CODE, "code-of-aino", redirect_uri="https://portal.example/back", verifier="v")
    return opened


def body(opened: GdprApiConnector, dataset: str) -> Any:
    (held,) = opened.one(dataset, CODE)
    assert held.key == CODE
    return msgspec.json.decode(held.body)


def test_repeated_siblings_become_rows_and_repeated_values_a_list(service: GdprService) -> None:
    opened = introduced(service)
    assert body(opened, "orders") == {"columns": ["NAME", "PAID"], "values": [["Trip 1", "Trip 2"], [True, False]]}
    assert body(opened, "profile") == {
        "columns": ["EMAIL", "PHONE"],
        "values": [[["a@example.org", "b@example.org"]], [None]],
    }
    assert len(service.calls("GET")) == 1


def test_the_token_is_bought_with_the_code_and_the_ticket_with_the_token(service: GdprService) -> None:
    introduced(service).one("orders", CODE)
    code, ticket = (request for request in service.seen if request.path == "/token")
    assert (code.form["grant_type"], code.form["code"], code.form["code_verifier"]) == (
        "authorization_code",
        "code-of-aino",
        "v",
    )
    assert ticket.form == {"grant_type": UMA, "audience": AUDIENCE, "permission": "#gdprquery"}
    assert ticket.headers["authorization"] == f"Bearer {service.issued[0]}"
    assert service.calls("GET")[0].headers["authorization"] == f"Bearer {service.issued[1]}"


@pytest.mark.parametrize("end", ["/gdpr/$user_uuid", "/gdpr/$profile_id", "/gdpr/", "/gdpr"])
def test_the_id_stands_where_the_address_says_or_at_its_end(service: GdprService, end: str) -> None:
    introduced(service, url=service.url + end).one("orders", CODE)
    assert service.calls("GET")[0].path == f"/gdpr/{AINO}"


@pytest.mark.parametrize("status", [204, 404])
def test_nothing_held_is_no_fault(service: GdprService, status: int) -> None:
    service.says = (status, None)
    assert introduced(service).one("orders", CODE) == []


def test_a_person_without_rows_holds_nothing(service: GdprService) -> None:
    service.trees[str(AINO)]["children"][4]["children"] = []
    assert introduced(service).one("orders", CODE) == []


@pytest.mark.parametrize("told", [str(RAILI), "020202A999B"])
def test_another_persons_tree_comes_under_the_key_it_tells(service: GdprService, told: str) -> None:
    service.trees[str(AINO)] = tree(RAILI)
    service.trees[str(AINO)]["children"][0]["value"] = told
    opened = introduced(service)
    assert {held.key for name in MAPPING for held in opened.one(name, CODE)} == {told}


def test_a_tree_that_speaks_of_two_people_is_never_only_the_askers(service: GdprService) -> None:
    service.trees[str(AINO)]["children"].append({"key": "UUID", "value": str(RAILI)})
    assert {held.key for held in introduced(service).one("orders", CODE)} == {CODE, str(RAILI)}


def test_a_ticket_about_someone_or_something_else_is_not_used(service: GdprService) -> None:
    for claims in ({"sub": str(RAILI)}, {"aud": "another-api"}):
        service.codes["code-of-aino"], service.ticket_claims = AINO, claims
        with pytest.raises(Refused, match="for someone or something else than asked"):
            introduced(service).one("orders", CODE)
    assert service.calls("GET") == []


def test_nobody_is_asked_about_without_a_token(service: GdprService) -> None:
    with pytest.raises(NotLet):
        connector(service).one("orders", CODE)
    assert service.seen == []


def test_a_service_account_asks_about_those_whose_ids_it_was_told(service: GdprService) -> None:
    opened = connector(service, ids={CODE: str(AINO)})
    assert body(opened, "orders")["values"][0] == ["Trip 1", "Trip 2"]
    with pytest.raises(NotLet):
        opened.one("orders", "020202A999B")


def test_there_is_no_list_of_people(service: GdprService) -> None:
    with pytest.raises(MisSet, match="no list of people"):
        connector(service).everyone("orders")


def test_erasing_is_rehearsed_first_and_by_the_exact_word(service: GdprService) -> None:
    introduced(service).erase(CODE)
    rehearsal, real = service.calls("DELETE")
    assert (rehearsal.query, rehearsal.form) == ({"dry_run": "true"}, {"dry_run": "true"})
    assert (real.query, real.form) == ({}, {})
    assert list(service.trees) == [str(RAILI)]


def test_a_refused_rehearsal_erases_nothing_and_brings_the_reason(service: GdprService) -> None:
    service.refuses_erasure = True
    with pytest.raises(Declined) as refused:
        introduced(service).erase(CODE)
    (reason,) = refused.value.reasons
    assert (reason.code, reason.fi, reason.en) == ("UNPAID", "Lasku on maksamatta", "An invoice is unpaid")
    assert reason.sv == "En faktura är obetald"
    assert str(refused.value) == "The system declines (UNPAID)."
    assert len(service.calls("DELETE")) == 1
    assert "unpaid" not in repr(refused.value.reasons)


def test_a_rehearsal_alone_leaves_everything(service: GdprService) -> None:
    introduced(service).may_erase(CODE)
    assert len(service.trees) == 2


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
        (bad.deep_value, Garbled), (bad.hanging, TooSlow), (bad.dripping, TooSlow),
    ],
)  # fmt: skip
@pytest.mark.parametrize("where", ["/gdpr/", "/token"])
def test_garbage_is_a_fault_within_the_time_limit(
    service: GdprService, where: str, misbehave: bad.Misbehaviour, fault: type[SourceFault]
) -> None:
    service.misbehave, service.spoilt_path = misbehave, where
    limits = Limits(connect=1, answer=1, statement=1 if fault is TooSlow else 20)
    with pytest.raises(fault):
        introduced(service, limits=limits).one("orders", CODE)


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


def renamed(node: dict[str, Any]) -> None:
    node["children"][4]["key"] = "PURCHASES"


def field_gone(node: dict[str, Any]) -> None:
    for order in node["children"][4]["children"]:
        del order["children"][1]


def key_gone(node: dict[str, Any]) -> None:
    del node["children"][0]


@pytest.mark.parametrize("change", [renamed, field_gone, key_gone])
def test_what_the_mapping_names_and_the_tree_lost_is_told(
    service: GdprService, change: Callable[[dict[str, Any]], None]
) -> None:
    change(service.trees[str(AINO)])
    with pytest.raises(Drifted, match="no longer"):
        introduced(service).one("orders", CODE)


def test_a_part_the_service_could_not_tell_is_a_fault_only_where_it_is_mapped(service: GdprService) -> None:
    orders = service.trees[str(AINO)]["children"][4]
    del orders["children"]
    orders["error"] = {"message": "database of Aino is broken"}
    opened = introduced(service)
    assert len(opened.one("profile", CODE)) == 1
    with pytest.raises(Garbled, match=r"could not tell ORDERS/ORDER\.$"):
        opened.one("orders", CODE)


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
