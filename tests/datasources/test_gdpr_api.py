"""The Helsinki profile GDPR API: a person's tree becomes rows, and nobody is asked about without their token."""

from collections.abc import Callable, Iterator
from typing import Any

import msgspec
import pytest

from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.errors import Declined, Drifted, Garbled, MisSet, NotLet, Refused
from tests.datasources import misbehaving as bad
from tests.datasources.gdpr_service import (
    AINO,
    AUDIENCE,
    CODE,
    MAPPING,
    RAILI,
    UMA,
    GdprService,
    connector,
    introduced,
    tree,
)


@pytest.fixture
def service() -> Iterator[GdprService]:
    with bad.served(GdprService()) as running:
        yield running


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
    for claims in ({"sub": str(RAILI)}, {"sub": None}, {"aud": "another-api"}):
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
        next(connector(service).everyone("orders"))


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
