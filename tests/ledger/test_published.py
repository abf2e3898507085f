"""The log for machines: seals, tiles and proofs that anybody checks, and nothing about anyone."""

import base64
import json
from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.test import Client

from portal.ledger.merkle import check_consistency, check_inclusion, folded, joined
from portal.ledger.models import Entry
from portal.ledger.notes import NoteBroken, Verifier, opened
from portal.walls import Role, scope
from tests.ledger.sealed import checked, leave, seal

pytestmark = pytest.mark.django_db


@pytest.fixture
def anyone(settings: LazySettings) -> Client:
    settings.LOG_READS_PER_MINUTE = 10_000
    return Client(headers={"host": "127.0.0.1"})


def told_key(anyone: Client) -> Verifier:
    """The key as it is published: name, id and key, each after a plus."""
    name, _, key = anyone.get("/log/key").content.decode().strip().split("+", 2)
    by = Verifier(name, base64.b64decode(key)[1:])
    assert by.told == anyone.get("/log/key").content.decode().strip()
    return by


def test_the_seal_is_a_signed_note_with_the_published_key(anyone: Client) -> None:
    leave(3)
    seal()
    answer = anyone.get("/log/checkpoint")
    by = told_key(anyone)
    head = opened(answer.content.decode(), [by])
    assert (head.size, head.origin, answer["Cache-Control"]) == (3, by.name, "no-cache")
    with pytest.raises(NoteBroken):
        opened(answer.content.decode().replace("\n3\n", "\n4\n"), [by])


def test_the_key_set_holds_the_key_of_the_seals(anyone: Client) -> None:
    keys = anyone.get("/.well-known/jwks.json").json()["keys"]
    assert [(key["kty"], key["crv"], "d" in key) for key in keys if key["kty"] == "OKP"] == [("OKP", "Ed25519", False)]


def test_anybody_works_the_root_out_from_the_tiles(anyone: Client) -> None:
    leave(260)
    seal()
    full, part, upper = (anyone.get(f"/log/tile/{place}") for place in ("0/000", "0/001.p/4", "1/000.p/1"))
    head = opened(anyone.get("/log/checkpoint").content.decode(), [told_key(anyone)])
    assert (len(full.content), folded(full.content)) == (256 * 32, upper.content)
    assert joined(upper.content, folded(part.content)) == head.root
    assert full["Cache-Control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/log/tile/0/001", 404),
        ("/log/tile/0/000", 404),
        ("/log/tile/0/000.p/4", 404),
        ("/log/tile/0/000.p/0", 404),
        ("/log/tile/0/000.p/256", 404),
        ("/log/tile/0/x001/000", 404),
        ("/log/tile/7/x999/x999/x999/x999/x999/999", 404),
        ("/log/proof/inclusion", 400),
        ("/log/proof/inclusion?index=3", 404),
        ("/log/proof/inclusion?index=-1", 400),
        ("/log/proof/inclusion?index=1&size=4", 404),
        ("/log/proof/inclusion?index=2&size=2", 404),
        ("/log/proof/inclusion?leaf=00", 400),
        ("/log/proof/inclusion?leaf=" + "0" * 64, 404),
        ("/log/proof/consistency", 400),
        ("/log/proof/consistency?old=0", 400),
        ("/log/proof/consistency?old=4", 400),
        ("/log/proof/consistency?old=1&new=99", 404),
        ("/log/proof/consistency?old=1&new=" + "9" * 30, 400),
        ("/log/checkpoints/?before=x", 400),
    ],
)
def test_what_is_not_there_is_refused_in_a_sentence(path: str, status: int, anyone: Client) -> None:
    leave(3)
    seal()
    answer = anyone.get(path)
    assert (answer.status_code, answer.json()["error"][-1]) == (status, ".")


def test_before_the_first_entry_there_is_nothing_to_prove(anyone: Client) -> None:
    told = [anyone.get(path).status_code for path in ("/log/checkpoint", "/log/proof/inclusion?index=0")]
    assert (told, anyone.get("/log/checkpoints/").json()) == ([404, 404], {"checkpoints": [], "next": None})


def test_a_leaf_is_proven_by_its_number_or_its_hash(anyone: Client) -> None:
    leave(9)
    seal()
    by_number = anyone.get("/log/proof/inclusion?index=5&size=7").json()
    by_hash = anyone.get(f"/log/proof/inclusion?leaf={by_number['leaf']}").json()
    head = opened(by_hash["checkpoint"], [told_key(anyone)])
    assert (by_number["checkpoint"], by_hash["index"], by_hash["size"]) == (None, 5, 9)
    check_inclusion(bytes.fromhex(by_hash["leaf"]), 5, 9, [*map(bytes.fromhex, by_hash["proof"])], head.root)


def test_growth_is_proven_between_any_two_sizes_and_by_the_program_that_knows_nothing_of_us(
    anyone: Client, tmp_path: Path
) -> None:
    for count in (5, 4):
        leave(count)
        seal()
    told = anyone.get("/log/proof/consistency?old=5&new=9")
    old, new = (opened(note, [told_key(anyone)]) for note in told.json()["checkpoints"])
    check_consistency(5, 9, old.root, new.root, [*map(bytes.fromhex, told.json()["proof"])])
    forged = told.json() | {"checkpoints": told.json()["checkpoints"][::-1]}
    code, said = checked(tmp_path, [told.content, forged])
    assert (code, said[0]) == (1, "The log of 9 entries begins with that of 5: nothing was changed or taken away.")
    assert said[1].startswith("DOES NOT HOLD: ")


def test_the_history_is_told_page_by_page(anyone: Client) -> None:
    leave(120)
    for _ in range(120):
        seal(batch=1)
    first = anyone.get("/log/checkpoints/").json()
    rest = anyone.get(first["next"]).json()
    sizes = [each["size"] for each in first["checkpoints"] + rest["checkpoints"]]
    assert (sizes, rest["next"]) == ([*range(120, 0, -1)], None)


def test_nothing_that_is_published_tells_of_a_person(anyone: Client) -> None:
    person = uuid4()
    (made,) = leave(1, about=person)
    seal()
    paths = (
        "checkpoint",
        "checkpoints/",
        "tile/0/000.p/1",
        "proof/inclusion?index=0",
        "proof/consistency?old=1",
        "key",
    )
    told = b"".join(anyone.get(f"/log/{path}").content for path in paths)
    secrets = [str(person), person.hex, str(made), made.hex, "signed_in", "resident"]
    assert [each for each in secrets if each.encode() in told] == []
    assert [each for each in (person.bytes, made.bytes) if each in told] == []
    with scope(Role.WORKER):
        body = json.loads(bytes(Entry.objects.get().body))
    assert body["commitment"].encode() not in told


def test_programs_may_ask_only_so_often_and_nothing_runs_in_a_browser(anyone: Client, settings: LazySettings) -> None:
    leave(1)
    seal()
    answer = anyone.get("/log/checkpoint")
    settings.LOG_READS_PER_MINUTE = 2
    told = [anyone.get("/log/checkpoint", REMOTE_ADDR="192.0.2.91") for _ in range(3)]
    assert [each.status_code for each in told] == [200, 200, 429]
    assert 0 < int(told[-1]["Retry-After"]) <= 60
    assert answer["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'; sandbox"
    assert (anyone.post("/log/checkpoint").status_code, answer.cookies) == (405, {})
