"""Web interfaces of every common manner: ways in, ways from page to page, ways to name a part; and what goes wrong."""

import json
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest

from datasources.errors import Drifted, Garbled, MisSet, Refused, SourceFault
from datasources.protocol import Holding
from tests.datasources.certificates import Authority
from tests.datasources.misbehaving import served
from tests.datasources.rest_service import CODES, PRIVATE, SecureInterface, WebInterface, connector

AUTHORITY, STRANGER = Authority("the city"), Authority("a stranger")
TITLES = [f"Book {n}" for n in (1, 2, 3)]


@contextmanager
def interface(**told: Any) -> Iterator[WebInterface]:
    with served(WebInterface(**told)) as running:
        yield running


def titles(holdings: Any) -> dict[str, list[Any]]:
    """{code: values of the first column}."""
    return {holding.key: json.loads(holding.body)["values"][0] for holding in holdings}


def everyone(running: WebInterface, mapping: Any = None, **told: Any) -> list[Holding]:
    with closing(connector(running, mapping, **told)) as open_one:
        return list(open_one.everyone("books"))


def one(running: WebInterface, mapping: Any = None, **told: Any) -> list[Holding]:
    with closing(connector(running, mapping, **told)) as open_one:
        return list(open_one.one("books", CODES[0]))


class TestPages:
    @pytest.mark.parametrize("paging", ["cursor", "offset", "link"])
    def test_every_page_is_read_though_the_interface_sends_fewer_than_asked(self, paging: str) -> None:
        with interface(paging=paging) as running:
            assert titles(everyone(running, {"paging": paging})) == dict.fromkeys(CODES, TITLES)

    @pytest.mark.parametrize("paging", ["cursor", "offset"])
    def test_a_search_is_read_to_its_end_and_the_code_goes_in_bodies_only(self, paging: str) -> None:
        with interface(paging=paging) as running:
            assert titles(one(running, {"paging": paging})) == {CODES[0]: TITLES}
            assert not [request for request in running.seen if CODES[0] in f"{request.path}{request.query}"]

    def test_a_search_that_knows_no_pages_is_read_once(self) -> None:
        with interface(paging="offset", most=10) as running:
            # It says the same whatever it is asked.
            running._page = lambda desk, told, items: desk.say(200, {"items": items})  # type: ignore[method-assign]  # noqa: ARG005
            assert titles(one(running, {"paging": "offset"})) == {CODES[0]: TITLES}

    def test_a_list_without_pages_is_read_at_once(self) -> None:
        with interface(paging="none") as running:
            assert titles(everyone(running, {"paging": "none", "items": "$"})) == dict.fromkeys(CODES, TITLES)

    def test_a_search_answered_in_pages_by_link_is_not_followed(self) -> None:
        with interface(paging="link") as running, pytest.raises(Garbled, match="answers a search in pages by link"):
            one(running, {"paging": "link"})

    @pytest.mark.parametrize(
        "link",
        ['<http://127.0.0.1:1/api/books?offset=2>; rel="next"', '</other?offset=2>; rel="next"', '<//x/y>; rel="next"'],
    )
    def test_a_link_to_somewhere_else_is_not_followed(self, link: str) -> None:
        with interface(paging="link") as running:
            running.lie = {"Link": link}
            with pytest.raises(Garbled, match="somewhere else"):
                everyone(running, {"paging": "link"})

    @pytest.mark.parametrize(
        ("paging", "lie"),
        [
            ("cursor", {"next": "0"}),
            ("link", {"Link": '</api/books?limit=2&offset=0>; rel="next"'}),
            ("offset", {"items": [{"code": CODES[0], "title": "again"}]}),
        ],
    )
    def test_a_list_without_an_end_is_told(self, paging: str, lie: dict[str, Any]) -> None:
        with interface(paging=paging) as running:
            running.lie = lie
            with pytest.raises(Garbled, match="same page again and again"):
                everyone(running, {"paging": paging})

    @pytest.mark.parametrize(("paging", "lie"), [("cursor", {"next": None}), ("link", {"Link": '</x>; rel="last"'})])
    def test_a_full_first_page_that_tells_of_no_other_is_looked_behind(self, paging: str, lie: dict[str, Any]) -> None:
        with interface(paging=paging, most=100) as running:
            running.lie = lie
            with pytest.raises(Drifted, match="has further pages, but"):
                everyone(running, {"paging": paging}, page_size=8)
            assert titles(everyone(running, {"paging": paging}, page_size=9)) == dict.fromkeys(CODES, TITLES)

    @pytest.mark.parametrize("cursor", [CODES[0], CODES[0].lower(), f"after:{CODES[1]}"])
    def test_a_next_page_by_an_identity_code_is_not_asked_for(self, cursor: str) -> None:
        with interface() as running:
            running.lie = {"next": cursor}
            with pytest.raises(Garbled, match="may stand in no address") as refused:
                everyone(running)
            assert not [request for request in running.seen if CODES[0] in str(request.query)]
        assert cursor not in str(refused.value)

    @pytest.mark.parametrize("cursor", [{"a": 1}, [1], True, 1.5])
    def test_a_cursor_that_cannot_be_sent_is_told(self, cursor: Any) -> None:
        with interface() as running:
            running.lie = {"next": cursor}
            with pytest.raises(Garbled, match="cannot be asked for"):
                everyone(running)


class TestParts:
    def test_parts_may_be_named_by_jsonpath(self) -> None:
        mapping = {"items": "$.data.list", "key": "$.who.code", "search_key": "person", "next": "$.next"}
        with interface() as running:
            found = everyone(running, mapping | {"columns": {"due": "$.due.on"}})
            assert titles(found) == {code: [f"2026-12-0{n}" for n in (1, 2, 3)] for code in CODES}
            assert titles(one(running, mapping)) == {CODES[0]: TITLES}

    def test_what_is_not_mapped_is_dropped(self) -> None:
        with interface() as running:
            assert not [holding for holding in everyone(running) if b"note" in holding.body or b"due" in holding.body]

    @pytest.mark.parametrize("name", ["shelf", "$.shelf.place"])
    def test_a_field_that_is_gone_is_named(self, name: str) -> None:
        with interface() as running, pytest.raises(Drifted, match="no longer sends the field"):
            everyone(running, {"columns": {"shelf": name}})

    @pytest.mark.parametrize("name", ["shelf", "$.shelf.place"])
    def test_a_field_that_may_be_lacking_is_nothing(self, name: str) -> None:
        with interface() as running:
            found = everyone(running, {"columns": {"shelf": name}, "optional": ["shelf"]})
        assert titles(found) == dict.fromkeys(CODES, [None] * 3)

    @pytest.mark.parametrize("part", ["$.[", "$..[?(", "$.a b"])
    def test_a_path_that_is_none_is_told(self, part: str) -> None:
        with interface() as running, pytest.raises(MisSet, match="The mapping of books cannot be used"):
            everyone(running, {"columns": {"title": part}})

    @pytest.mark.parametrize("name", ["books", "$.books", "$.data.books"])
    def test_a_list_that_is_gone_is_told(self, name: str) -> None:
        with interface() as running, pytest.raises(Drifted, match="no list named"):
            everyone(running, {"items": name})


class TestWaysIn:
    @pytest.mark.parametrize(
        ("auth", "secrets", "settings"),
        [
            ("secret", {"client_secret": "s"}, {}),
            ("signed", {"private_key": PRIVATE}, {"key_id": "one"}),
            ("api_key", {"api_key": "k"}, {"api_key_header": "X-City-Key"}),
            ("none", {}, {}),
        ],
    )
    def test_each_lets_the_portal_in(self, auth: str, secrets: dict[str, str], settings: dict[str, str]) -> None:
        with interface(auth=auth) as running:
            found = everyone(running, secrets=secrets, auth=auth, **settings)
            assert titles(found) == dict.fromkeys(CODES, TITLES)

    @pytest.mark.parametrize(
        ("auth", "secrets"), [("secret", {"client_secret": "other"}), ("api_key", {"api_key": "other"})]
    )
    def test_a_wrong_secret_is_refused_and_not_told(self, auth: str, secrets: dict[str, str]) -> None:
        with interface(auth=auth) as running, pytest.raises(Refused, match="does not let the portal in") as refused:
            everyone(running, secrets=secrets, auth=auth)
        assert "other" not in str(refused.value)

    @pytest.mark.parametrize(
        ("auth", "secrets", "gone"),
        [
            ("secret", {}, "client_secret"),
            ("signed", {}, "private_key"),
            ("api_key", {}, "api_key"),
            ("none", {"certificate": "x"}, "certificate_key"),
        ],
    )
    def test_what_is_missing_is_named(self, auth: str, secrets: dict[str, str], gone: str) -> None:
        with interface() as running, pytest.raises(MisSet, match=f"cannot be used: {gone}"):
            connector(running, secrets=secrets, auth=auth)

    def test_a_key_that_cannot_sign_is_told(self) -> None:
        with interface(auth="signed") as running, pytest.raises(MisSet, match="key of assertions"):
            everyone(running, secrets={"private_key": "no key"}, auth="signed")

    def test_a_plain_address_of_another_machine_is_refused(self) -> None:
        with interface() as running, pytest.raises(MisSet, match="cannot be used: url"):
            connector(running, url="http://books.example/")

    def test_a_token_that_ends_at_once_is_fetched_anew(self) -> None:
        with interface() as running:
            running.lives = 0
            everyone(running)
            asked = [request.path for request in running.seen]
        assert asked.count("/token") == asked.count("/api/books") > 1


class TestCertificates:
    def test_the_portal_shows_its_own(self) -> None:
        ours = AUTHORITY.pair("mydata")
        with served(SecureInterface(AUTHORITY.pair("books"), AUTHORITY.certificate)) as running:
            secrets = {"certificate": ours.certificate, "certificate_key": ours.key}
            found = everyone(running, secrets=secrets, auth="none", ca=AUTHORITY.certificate)
        assert titles(found) == dict.fromkeys(CODES, TITLES)

    @pytest.mark.parametrize(
        "theirs",
        [STRANGER.pair("books"), AUTHORITY.pair("books", address="127.9.9.9"), AUTHORITY.pair("books", days=-1)],
        ids=["of a stranger", "of another address", "of yesterday"],
    )
    def test_another_certificate_than_agreed_is_refused(self, theirs: Any) -> None:
        with served(SecureInterface(theirs)) as running, pytest.raises(Refused, match="another certificate"):
            everyone(running, secrets={}, auth="none", ca=AUTHORITY.certificate)

    def test_without_an_agreed_authority_browsers_is_believed(self) -> None:
        with served(SecureInterface(AUTHORITY.pair("books"))) as running, pytest.raises(Refused):
            everyone(running, secrets={}, auth="none")

    def test_a_certificate_that_is_not_ours_to_show_is_told(self) -> None:
        with served(SecureInterface(AUTHORITY.pair("books"), AUTHORITY.certificate)) as running:
            theirs = STRANGER.pair("mydata")
            secrets = {"certificate": theirs.certificate, "certificate_key": theirs.key}
            with pytest.raises(SourceFault):
                everyone(running, secrets=secrets, auth="none", ca=AUTHORITY.certificate)

    def test_a_certificate_that_is_none_is_told(self) -> None:
        with served(SecureInterface(AUTHORITY.pair("books"))) as running, pytest.raises(MisSet, match="authority"):
            everyone(running, secrets={}, auth="none", ca="no certificate")


def test_ten_thousand_columns_of_which_one_is_wanted() -> None:
    with interface() as running:
        wide = {f"column{n}": n for n in range(10_000)}
        running.items = [item | wide for item in running.items]
        assert titles(everyone(running)) == dict.fromkeys(CODES, TITLES)


def test_a_nul_in_a_value_is_kept_as_it_is_told() -> None:
    with interface() as running:
        running.items = [{"code": CODES[0], "title": "a\0b"}]
        assert titles(everyone(running)) == {CODES[0]: ["a\0b"]}
