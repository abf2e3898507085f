"""Single facts: shown in part, read by an independent library, and refused when they do not hold."""

import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from datetime import timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from joserfc.jwk import ECKey
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier

from datasources.transfers.offering import Offered, OfferFault, facts_of, offers, read_offers
from datasources.transfers.package.reasons import Reason
from datasources.transfers.package.sd_jwt import NotAFact, make, read, shown
from datasources.transfers.package.shape import Fact
from tests.transfers import hostile
from tests.transfers.made import KEY, NOW, URL, head, item, named, package, verified
from tests.transfers.test_package_refused import refusal

CLAIMS = {"school": "Mäkelän koulu", "class": "6", "given_name": "Eino"}
TIMES = {"at": NOW - timedelta(days=1), "expires": NOW + timedelta(days=1)}
FACT = make("pupil", CLAIMS, issuer=URL, key=KEY, **TIMES)
PUPIL = Offered(slug="pupil", dataset="school-enrolment", fields=("school", "class"), title=named("Oppilas"))


def key_of(kid: str) -> Mapping[str, Any] | None:
    return KEY.as_dict(private=False) if kid == KEY.kid else None


def by_library(presented: str) -> dict[str, Any]:
    """What the library that we did not write says of it."""
    key = JWK.from_json(json.dumps(KEY.as_dict(private=False)))
    told: dict[str, Any] = SDJWTVerifier(presented, lambda *_: key).get_verified_payload()
    return told


def test_all_of_a_fact_is_read_by_us_and_by_a_library() -> None:
    told = read(FACT, key_of, at=NOW)
    assert told == by_library(FACT)
    assert (told["vct"], told["iss"], {name: told[name] for name in CLAIMS}) == (
        "urn:omattiedot:fact:pupil",
        URL,
        CLAIMS,
    )


@pytest.mark.parametrize("names", [set(), {"class"}, {"school", "class"}])
def test_only_what_the_holder_chose_is_shown(names: set[str]) -> None:
    presented = shown(FACT, names)
    told = by_library(presented)
    assert {name for name in CLAIMS if name in told} == names
    assert told == read(presented, key_of, at=NOW)
    assert len(presented.split("~")) == len(names) + 2


def _with(disclosure: list[Any]) -> str:
    return f"{FACT}{urlsafe_b64encode(json.dumps(disclosure).encode()).decode().rstrip('=')}~"


@pytest.mark.parametrize(
    "bad",
    [
        "",
        "a",
        "a.b.c~",
        FACT[:-1],
        FACT + "proof",
        FACT.replace("~", "~~", 1),
        FACT + FACT.split("~")[1] + "~",
        _with(["salt", "class", "9"]),
        _with(["salt", "iss", "https://evil.example"]),
        _with(["class", "9"]),
        FACT[:20] + ("A" if FACT[20] != "A" else "B") + FACT[21:],
        make("pupil", CLAIMS, issuer=URL, key=ECKey.generate_key("P-256", {"kid": str(KEY.kid)}), **TIMES),
        make("pupil", CLAIMS, issuer=URL, key=ECKey.generate_key("P-256", auto_kid=True), **TIMES),
        make("pupil", CLAIMS, issuer=URL, key=KEY, at=NOW - timedelta(days=2), expires=NOW),
        make("pupil", {"vct": "another"}, issuer=URL, key=KEY, **TIMES),
        "x" * 70_000 + "~",
    ],
    ids=map(str, count()),
)
def test_what_does_not_hold_is_no_fact(bad: str) -> None:
    with pytest.raises(NotAFact):
        read(bad, key_of, at=NOW)


def test_facts_are_made_of_the_chosen_fields_of_a_row() -> None:
    schema = {"type": "object", "properties": {"school": {}, "class": {}, "note": {}}}
    rows: list[dict[str, Any]] = [
        {"school": "Mäkelä", "class": "6", "note": "x"},
        {"note": "y"},
        {"school": None, "class": "7"},
    ]
    pupils = item("school-enrolment", rows, schema=schema)
    made = list(facts_of(pupils, head(), key=KEY, about={"given_name": "Eino"}, kinds=[PUPIL]))
    assert [fact.id for fact in made] == ["pupil-1", "pupil-3"]
    first = by_library(made[0].sd_jwt)
    assert {name: first.get(name) for name in ("school", "class", "given_name", "note")} == {
        "school": "Mäkelä",
        "class": "6",
        "given_name": "Eino",
        "note": None,
    }
    assert list(facts_of(item(), head(), key=KEY, kinds=[PUPIL])) == []


def test_a_package_carries_facts_and_a_fact_of_another_key_or_city_is_refused() -> None:
    assert verified(package(facts=[Fact("pupil-1", named("Oppilas"), FACT)])).manifest.facts[0].id == "pupil-1"
    others = ECKey.generate_key("P-256", auto_kid=True)
    for bad in (
        make("pupil", CLAIMS, issuer=URL, key=others, **TIMES),
        make("pupil", CLAIMS, issuer="https://oulu.example", key=KEY, **TIMES),
        "no fact",
    ):
        assert refusal(package(facts=[Fact("pupil-1", named("Oppilas"), bad)])) is Reason.FACT
    assert "facts/pupil-1.sd-jwt" in hostile.files_of(package(facts=[Fact("pupil-1", named("Oppilas"), FACT)]))


def test_the_city_names_the_facts_it_offers() -> None:
    assert ("pupil", "school-enrolment") in {(kind.slug, kind.dataset) for kind in offers()}


@pytest.mark.parametrize("text", ["[[fact]", '[[fact]]\nslug = "A"', "[[fact]]\nmore = 1", 'fact = "x"'])
def test_an_odd_table_is_told_with_its_place(text: str, tmp_path: Path) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text)
    with pytest.raises(OfferFault, match=r"facts\.toml"):
        read_offers(path)
    assert read_offers(tmp_path / "none.toml") == ()
