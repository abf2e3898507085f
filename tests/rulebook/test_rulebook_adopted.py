"""A city adopts a version with its signature, and whoever changes anything afterwards is found out."""

import json
from datetime import timedelta
from io import StringIO
from pathlib import Path

import psycopg
import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from consents.rulebook.errors import NoSuchVersion, OlderVersion, RulebookFault
from consents.rulebook.models import Adoption
from consents.rulebook.queries import Adopted, adopted, adoptions, rulebooks_named
from consents.rulebook.reading import content_of, digest_of
from consents.rulebook.statements import doubts_of
from datasources.transfers.issuing import head_for
from portal.keys.ring_file import rotate_signing_key
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.rulebook.conftest import AT, Adopt, Books

pytestmark = pytest.mark.django_db


def checked(**options: object) -> tuple[int, list[str]]:
    said = StringIO()
    try:
        call_command("check_rulebook", stdout=said, **options)
    except SystemExit as left:
        return int(str(left.code)), said.getvalue().splitlines()
    return 0, said.getvalue().splitlines()


def forged(row: Adoption, **values: object) -> str:
    """What is doubted of the same row with other values."""
    for name, value in values.items():
        setattr(row, name, value)
    return doubts_of(row)


def test_what_was_adopted_is_known_by_version_and_digest(adopting: Adopt) -> None:
    assert (adopted(), rulebooks_named()) == (None, {})
    assert adopting("1.0") is True
    assert adopted() == Adopted("1.0", digest_of(content_of("1.0")), AT)
    assert rulebooks_named() == {"espoo": "1.0"}
    assert [doubts_of(row) for row in adoptions()] == [""]


def test_a_package_names_the_version(adopting: Adopt) -> None:
    adopting("1.0")
    assert dict(head_for("131052-308T", at=AT, rulebooks=rulebooks_named()).rulebooks) == {"espoo": "1.0"}


def test_the_log_tells_of_it_once_however_often_it_is_asked_for(adopting: Adopt) -> None:
    assert (adopting("1.0"), adopting("1.0", decision="other")) == (True, False)
    with scope(Role.STAFF, departments=["*"]):
        told = list(Entry.objects.filter(kind="rulebook.adopted").values_list("reference", "counts__version"))
    assert told == [("4711/2040", "1.0")]


def test_a_city_goes_on_and_never_back(adopting: Adopt, books: Books) -> None:
    books.next("1.1")
    books.publish("1.0", "1.1")
    adopting("1.1")
    with pytest.raises(OlderVersion, match=r"Version 1\.1 was adopted already"):
        adopting("1.0", at=AT + timedelta(days=1))
    found = adopted()
    assert found is not None
    assert found.version == "1.1"


def test_what_was_not_published_is_not_adopted(adopting: Adopt, books: Books) -> None:
    books.edit("1.0", "en.toml", "A copy", "A duplicate")
    with pytest.raises(RulebookFault, match="it is not what was published"):
        adopting("1.0")
    with pytest.raises(NoSuchVersion):
        adopting("3.0")
    assert adopted() is None


def test_words_that_change_after_adoption_are_found_out(adopting: Adopt, books: Books) -> None:
    adopting("1.0")
    books.edit("1.0", "fi.toml", "enintään {most_days} päivää", "ainakin {most_days} päivää")
    books.publish("1.0")
    said = "The adoption of version 1.0 is of other words than those that stand here now."
    assert [doubts_of(row) for row in adoptions()] == [said]
    with pytest.raises(RulebookFault, match="other words"):
        adopting("1.0")


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"digest": "0" * 64}, "was changed after it was signed"),
        ({"decision": "4712/2040"}, "was changed after it was signed"),
        ({"adopted_at": AT + timedelta(days=1)}, "was changed after it was signed"),
        ({"signature": ""}, "is not signed with a key of this city"),
        ({"signature": "e30..AAAA"}, "is not signed with a key of this city"),
    ],
)
def test_a_row_that_somebody_changed_is_not_believed(values: dict[str, object], said: str, adopting: Adopt) -> None:
    adopting("1.0")
    assert said in forged(adoptions()[0], **values)


def test_another_city_cannot_use_the_signature(adopting: Adopt, settings: LazySettings) -> None:
    adopting("1.0")
    settings.CITY = "turku"
    assert "was changed after it was signed" in doubts_of(adoptions()[0])


def test_an_adoption_outlives_its_key(adopting: Adopt, own_ring: Path) -> None:
    adopting("1.0")
    rotate_signing_key(own_ring, "rulebook", at=AT)
    assert doubts_of(adoptions()[0]) == ""


def test_a_signature_by_a_key_that_is_not_the_rulebooks_is_none(
    adopting: Adopt, own_ring: Path, settings: LazySettings
) -> None:
    adopting("1.0")
    content = json.loads(own_ring.read_text())
    content["signing"]["rulebook"] = content["signing"]["receipts"]
    other = own_ring.with_name("other.json")
    other.write_text(json.dumps(content))
    settings.KEY_RING_FILE = other
    assert "is not signed with a key of this city" in doubts_of(adoptions()[0])


def test_an_adoption_is_never_changed_or_removed(adopting: Adopt, superuser: psycopg.Connection) -> None:
    adopting("1.0")
    for statement in ("UPDATE rulebook_adoption SET version = '2.0'", "DELETE FROM rulebook_adoption"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert [row.version for row in adoptions()] == ["1.0"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["9.9", "--decision", "1"], "There is no version 9.9"),
        (["../x", "--decision", "1"], "is no version of the rulebook"),
        (["1.0", "--decision", "  "], "Give the number of the decision"),
        (["1.0", "--decision", "x" * 101], "Give the number of the decision"),
        (["1.0", "--decision", "1\n2"], "Give the number of the decision"),
    ],
)
def test_the_command_refuses_in_a_sentence(words: list[str], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        call_command("adopt_rulebook", *words)
    assert adopted() is None


def test_without_a_key_the_command_says_how_to_make_one(own_ring: Path) -> None:
    content = json.loads(own_ring.read_text())
    del content["signing"]["rulebook"]
    own_ring.write_text(json.dumps(content))
    with pytest.raises(CommandError, match="rotate_signing_key rulebook"):
        call_command("adopt_rulebook", "1.0", "--decision", "1/2040")
    assert adopted() is None
    call_command("rotate_signing_key", "rulebook", stdout=StringIO())
    call_command("adopt_rulebook", "1.0", "--decision", "1/2040", stdout=StringIO())
    assert doubts_of(adoptions()[0]) == ""


def test_the_check_fails_until_a_version_is_adopted(loaded_city: None, db: None) -> None:
    code, lines = checked()
    assert (code, lines[0]) == (1, "The city has not adopted any version; `manage.py adopt_rulebook` does.")
    call_command("adopt_rulebook", "1.0", "--decision", "1/2040", stdout=StringIO())
    assert checked() == (0, ["Versions: 1, faults: 0."])


def test_the_check_tells_what_was_tampered_with(loaded_city: None, adopting: Adopt, books: Books) -> None:
    adopting("1.0")
    books.edit("1.0", "sv.toml", "Kopia", "Avbild")
    code, lines = checked()
    assert (code, [line.split(";")[0] for line in lines]) == (
        1,
        [
            "Version 1.0: it is not what was published",
            "The adoption of version 1.0 is of other words than those that stand here now.",
            "Versions: 1, faults: 2.",
        ],
    )


def test_the_check_misses_a_version_that_is_gone(books: Books) -> None:
    (books.folder / "published.toml").write_text('"0.9" = "x"\n' + (books.folder / "published.toml").read_text())
    assert checked(files_only=True) == (1, ["Version 0.9 was published and is gone.", "Versions: 1, faults: 1."])
    (books.folder / "published.toml").unlink()
    assert checked(files_only=True)[0] == 1
