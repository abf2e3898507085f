"""The sports department's file drop."""

import asyncio
import csv
import io
import time
from datetime import datetime
from typing import Any

import asyncssh
import pytest

from demo.departments.moods import Mood
from demo.departments.running import Departments
from demo.people import everyone
from tests.demo.conftest import CODES, WAIT

NAME = "sports"
BORN = {p.identity_code: f"{p.born.day}.{p.born.month}.{p.born.year}" for p in everyone()}
ENCODINGS = {
    "courses.csv": "cp1252",
    "bookings.csv": "cp1252",
    "wristband_visits.csv": "utf-8-sig",
    "boat_places.csv": "utf-8-sig",
}


async def _fetch(world: Departments, names: tuple[str, ...], password: str | None) -> tuple[list[str], list[bytes]]:
    told, secrets = world.sources[NAME]["settings"], world.sources[NAME]["secrets"]
    known = asyncssh.import_known_hosts(f"[{told['host']}]:{told['port']} {told['host_key']}\n")
    async with (
        asyncssh.connect(
            told["host"], told["port"], username=told["user"], password=password or secrets["password"],
            known_hosts=known, client_keys=None, config=[], connect_timeout=5, login_timeout=5,
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):  # fmt: skip
        listed = sorted(str(name) for name in await sftp.listdir(".") if str(name) not in {".", ".."})
        contents: list[bytes] = []
        for name in names:
            async with sftp.open(name, "rb", encoding=None) as file:
                whole: Any = await file.read()
                contents.append(whole)
        return listed, contents


def fetch(world: Departments, *names: str, password: str | None = None) -> tuple[list[str], list[bytes]]:
    return asyncio.run(_fetch(world, names, password))


def rows(world: Departments, name: str) -> list[dict[str, Any]]:
    text = fetch(world, name)[1][0].decode(ENCODINGS[name])
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))


def of(rows: list[dict[str, Any]], slug: str) -> list[dict[str, Any]]:
    return [row for row in rows if row["henkilotunnus"] == CODES[slug]]


def test_four_whole_files_lie_in_the_folder(world: Departments) -> None:
    assert fetch(world)[0] == sorted(ENCODINGS)


def test_a_wrong_password_stays_outside(world: Departments) -> None:
    with pytest.raises(asyncssh.PermissionDenied):
        fetch(world, password="guessed")


def test_the_files_are_written_as_old_systems_write(world: Departments) -> None:
    courses, visits = fetch(world, "courses.csv", "wristband_visits.csv")[1]
    assert courses.splitlines()[0] == b"henkilotunnus;kurssi;paikka;alkaa;paattyy;tila;hinta;syntymaaika"
    assert (visits[:3], courses.count(b"\r\n")) == (b"\xef\xbb\xbf", courses.count(b"\n"))
    assert {row["hinta"] for row in rows(world, "courses.csv")} == {"45,00", "62,00"}


@pytest.mark.parametrize("name", list(ENCODINGS))
def test_every_line_is_whole_and_about_someone_we_made_up(world: Departments, name: str) -> None:
    lines = rows(world, name)
    assert [line for line in lines if None in line or None in line.values()] == []
    assert [line for line in lines if BORN[line["henkilotunnus"]] != line["syntymaaika"]] == []


def test_the_swimmer_swims_three_times_a_week_and_has_two_courses(world: Departments) -> None:
    mine = of(rows(world, "wristband_visits.csv"), "raili")
    days = [datetime.strptime(row["aika"].split()[0], "%d.%m.%Y").weekday() for row in mine]  # noqa: DTZ007
    assert (len(days), set(days)) == (36, {0, 2, 4})
    assert len(of(rows(world, "courses.csv"), "raili")) == 2


def test_the_other_stories_are_true_here(world: Departments) -> None:
    assert {row["tila"] for row in of(rows(world, "bookings.csv"), "otso")} == {"Kuntosali"}
    assert len(of(rows(world, "boat_places.csv"), "bjorn")) == 1
    held = [row for name in ENCODINGS for row in of(rows(world, name), "veikko")]
    assert held == []


def test_an_unchanged_file_keeps_its_time(world: Departments) -> None:
    assert fetch(world, *ENCODINGS) == fetch(world, *ENCODINGS)


def test_slow_takes_its_time_to_open_a_file(world: Departments) -> None:
    world.moods.set(NAME, Mood.SLOW, slow_seconds=WAIT)
    began = time.monotonic()
    fetch(world, "courses.csv")
    assert time.monotonic() - began >= WAIT


def test_down_hangs_up(world: Departments) -> None:
    world.moods.set(NAME, Mood.DOWN)
    with pytest.raises((asyncssh.Error, OSError)) as refused:
        fetch(world)
    assert not isinstance(refused.value, asyncssh.PermissionDenied)


def test_wrong_names_its_first_column_otherwise_until_mended(world: Departments) -> None:
    world.moods.set(NAME, Mood.WRONG)
    assert next(iter(rows(world, "courses.csv")[0])) == "asiakas"
    world.moods.set(NAME, Mood.OK)
    assert next(iter(rows(world, "courses.csv")[0])) == "henkilotunnus"


def test_other_person_puts_the_next_customers_code_on_each_line(world: Departments) -> None:
    world.moods.set(NAME, Mood.OTHER_PERSON)
    lines = rows(world, "courses.csv")
    assert [line for line in lines if BORN[line["henkilotunnus"]] == line["syntymaaika"]] == []
