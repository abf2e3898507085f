"""Files of a log are written by columns: each row says in each of them what the page says of its entry alone."""

import csv
from datetime import UTC, datetime, timedelta
from html import unescape
from io import StringIO
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.utils import timezone, translation
from msgspec import json

from consents.kinds import ConsentEntry
from portal.ledger.actions import record, sequence
from portal.ledger.actor import Actor, ActorKind, Right, acting_for, resident, system
from portal.ledger.models import Entry
from portal.ledger.parts import salt_of, salter
from portal.ledger.queries import entries_about
from portal.pages.log_files import COLUMNS, Log, as_bundle, as_rows, as_table, log_of
from portal.pages.log_lines import Line
from portal.pages.spreadsheets import cell
from portal.pages.uses import Wanted, lines_of, names_for
from portal.people.kinds import PeopleEntry
from portal.walls import Role, scope

pytestmark = pytest.mark.django_db
# Half past midnight there is the day before in UTC; the hour of 2026-10-25 that comes twice; a whole second.
TIMES = (
    datetime(2026, 6, 30, 21, 30, 15, 123456, UTC),
    *(datetime(2026, 10, 25, hour, 30, 1, 7, UTC) for hour in (0, 1)),
    datetime(2026, 11, 30, 12, tzinfo=UTC),
)
ODD = 'Yksikkö; "A" <b>&\n–'
STAFF = Actor(ActorKind.STAFF, "clerk", Right.OFFICE, unit="library", role="desk dpo", name="Virve Virkailija")
CLIENT = Actor(ActorKind.CLIENT, "sports-app", Right.CLIENT, unit="sports")
OUTCOME = {
    "result": dict.fromkeys(("fi", "sv", "en"), "=1+1"),
    "reasons": [dict.fromkeys(("fi", "sv", "en"), each) for each in (ODD, "b")],
    "decided_by": "person",
    "decided_at": "2026-11-30T12:00:00+00:00",
}
ABOUT = {"department": "sports", "purpose": "swimming-reminders", "datasets": ["sports-visits", "library-card"]}


def varied_log(person: UUID) -> None:
    """Alike and not alike, with details that open and that are nobody's to read, numbered and waiting."""
    used = {"counts": {"algorithm": "a", "version": 2}, "details": {"unit": ODD, "role": "=2", "outcome": OUTCOME}}
    made: list[tuple[Any, Actor, dict[str, Any]]] = [
        *([(ConsentEntry.DISCLOSED, system("tests"), ABOUT)] * 3),
        (ConsentEntry.USE_REPORTED, CLIENT, ABOUT | {"details": {"unit": ODD, "role": "@r", "case": "D/7;8"}}),
        (ConsentEntry.USE_REPORTED, CLIENT, ABOUT | {"details": {"unit": "+358", "role": "", "case": ""}}),
        (ConsentEntry.ALGORITHM_USED, CLIENT, ABOUT | used),
        (ConsentEntry.GIVEN, acting_for(uuid4(), Right.GUARDIAN), {"details": {"said": "x"}, "counts": {"å": "ä"}}),
        (PeopleEntry.ACTED_FOR, STAFF, {"reference": ODD, "counts": {"two": True}}),
        (PeopleEntry.SIGNED_IN, resident(person), {}),
    ]
    with scope(Role.WORKER, persons=[person]):
        for number, (kind, by, more) in enumerate(made * len(TIMES)):
            record(kind, by=by, about=person, at=TIMES[number % len(TIMES)], **more)
        sequence(at=timezone.now())
        record(PeopleEntry.SIGNED_OUT, by=resident(person), about=person, at=TIMES[0])


def told(person: UUID, reader: UUID) -> tuple[Log, list[Entry], list[Line], tuple[bytes, bytes, bytes]]:
    """The log; its entries as the database tells them, each with its words; table, page and JSON."""
    with scope(Role.RESIDENT, persons=[person]):
        log = log_of(entries_about(person), Wanted(), person=person, reader=reader, at=timezone.now())
        files = as_table(log), as_rows(log), as_bundle(log, at=timezone.now(), columns=True)
        written = tuple(b"".join(parts) for parts in files)
        entries = list(entries_about(person).defer(None).order_by("-at", "-id"))
        lines = [line for each in entries for line in lines_of([each], names_for([each]), person=person, reader=reader)]
    return log, entries, lines, written  # type: ignore[return-value]


@pytest.mark.parametrize("language", ["fi", "en"])
@pytest.mark.parametrize("by_another", [False, True])
def test_each_row_says_in_each_file_what_it_says_alone(language: str, *, by_another: bool, loaded_city: None) -> None:
    person = uuid4()
    varied_log(person)
    with translation.override(language):
        _, entries, lines, (table, page, document) = told(person, uuid4() if by_another else person)
    here = [line.at.astimezone(timezone.get_current_timezone()) for line in lines]
    rows = json.decode(document)["rows"]
    words = [[line.who, line.what, line.data, line.why, line.how] for line in lines]
    assert [[row[part] for part in ("who", "what", "data", "why", "how", "case")] for row in rows] == [
        [*said, line.case] for said, line in zip(words, lines, strict=True)
    ]
    assert [(row["id"], row["at"], row["place"]) for row in rows] == [
        (str(line.id), at.isoformat(), line.number) for line, at in zip(lines, here, strict=True)
    ]
    columns = [{name: getattr(entry, name) for name in COLUMNS} for entry in entries]
    assert [row["columns"] for row in rows] == json.decode(json.encode(columns))
    cells = list(csv.reader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";"))[1:]
    assert [row[1:7] for row in cells] == [
        [cell(text) for text in (*said, line.case)] for said, line in zip(words, lines, strict=True)
    ]
    assert [row[0] for row in cells] == [at.replace(tzinfo=None).isoformat(" ", "seconds") for at in here]
    shown = [
        [unescape(each) for each in row.removesuffix("</td></tr>").split("</td><td>")]
        for row in page.decode().split("<tr><td>")[1:]
        for row in [row.removesuffix("\n")]
    ]
    assert shown == [
        [at.replace(tzinfo=None).isoformat(" ", "minutes"), *said] for at, said in zip(here, words, strict=True)
    ]


@pytest.mark.usefixtures("loaded_city")
def test_of_an_algorithms_use_it_is_told_what_came_of_it() -> None:
    person = uuid4()
    varied_log(person)
    with translation.override("fi"):
        _, _, lines, (table, _, document) = told(person, person)
    used = [row["algorithm"] for row in json.decode(document)["rows"] if "algorithm" in row]
    assert len(used) == len([line for line in lines if line.algorithm]) == len(TIMES)
    assert {(one["name"], one["result"], *one["reasons"]) for one in used} == {("a", "=1+1", ODD, "b")}
    cells = [row[10:13] for row in csv.reader(StringIO(table.decode("utf-8-sig"), newline=""), delimiter=";")][1:]
    assert [row for row in cells if row[0]] == [["a", "'=1+1", f"{ODD} b"]] * len(TIMES)


@pytest.mark.usefixtures("loaded_city")
def test_what_entries_have_alike_is_kept_once_however_many_there_are() -> None:
    person = uuid4()
    varied_log(person)
    log, entries, _, _ = told(person, person)
    rows = log.rows
    assert len(rows) == len(entries) == 9 * len(TIMES) + 1
    # Seven kinds of entries, one of them said in two ways; a name that is sealed is another in each entry.
    alike = {row.like for row in rows if row.like.actor_kind != "staff"}
    assert (len(alike), len(set(log.words)), len(set(map(id, log.words)))) == (6, 8, 7 + len(TIMES))
    assert [row.at for row in rows] == sorted([row.at for row in rows], reverse=True)


def test_a_day_is_picked_from_it_as_the_page_picks_it(loaded_city: None) -> None:
    person, wanted = uuid4(), Wanted.of({"day": "2026-07-01"})
    varied_log(person)
    with scope(Role.RESIDENT, persons=[person]):
        log = log_of(entries_about(person), wanted, person=person, reader=person, at=timezone.now())
    assert {row.at for row in log.rows} == {"2026-06-30T21:30:15.123456Z"}
    assert timedelta(hours=3) == TIMES[0].astimezone(timezone.get_current_timezone()).utcoffset()


def test_the_salts_of_many_are_those_of_one_by_one() -> None:
    key = bytes(range(32))
    for entry in (uuid4(), UUID(int=0)):
        assert salter(key)(str(entry)) == salt_of(key, entry).hex()
