"""Sports services: CSV files dropped into a folder that is read by SFTP."""

import csv
import io
import random
from datetime import date, timedelta
from pathlib import Path

import asyncssh

from demo.departments.moods import Mood, Moods
from demo.people import Person, everyone

NAME = "sports"
USER = "portal"
_TODAY = date(2026, 11, 20)
_HALLS = ("Mallilahden uimahalli", "Esimerkkilän uimahalli", "Koepuiston liikuntahalli")
_COURSES = ("Vesijumppa", "Tekniikkauinti aikuisille", "Uimakoulu", "Kuntosalin starttikurssi", "Seniorijooga")
_HARBOURS = ("Mallisatama", "Koesatama")
Table = list[list[str]]


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def _customers() -> list[Person]:
    dice = random.Random(1952)
    return [
        person
        for person in everyone()
        if person.slug in {"raili", "otso", "mikael", "bjorn"} or (person.story is None and dice.random() < 0.4)
    ]


def _courses(dice: random.Random, who: Person) -> Table:
    often = who.slug == "raili"
    rows = []
    for number in range(2 if often else dice.randint(0, 2)):
        starts = _TODAY + timedelta(days=dice.randint(10, 60))
        rows.append(
            [
                who.identity_code,
                _COURSES[number] if often else dice.choice(_COURSES),
                dice.choice(_HALLS),
                _day(starts),
                _day(starts + timedelta(weeks=10)),
                dice.choice(("VAHVISTETTU", "JONOSSA")),
                _euros(dice.choice((4500, 6200))),
            ]
        )
    return rows


def _visits(dice: random.Random, who: Person) -> Table:
    many = 36 if who.slug == "raili" else dice.randint(0, 6)
    return [
        [
            who.identity_code,
            dice.choice(_HALLS),
            f"{_day(_TODAY - timedelta(days=2 * back + 1))} {dice.randint(7, 19)}.30",
            "SENIORI" if who.born.year < 1958 else "AIKUINEN",
        ]
        for back in range(many)
    ]


def _bookings(dice: random.Random, who: Person) -> Table:
    return [
        [
            who.identity_code,
            dice.choice(("Kuntosali", "Sulkapallokenttä", "Tenniskenttä")),
            dice.choice(_HALLS),
            _day(_TODAY + timedelta(days=dice.randint(1, 30))),
            f"{dice.randint(7, 20)}.00",
            "60",
            _euros(1050),
        ]
        for _ in range(1 if who.slug == "otso" else dice.randint(0, 2))
    ]


def _boats(dice: random.Random, who: Person) -> Table:
    if who.slug != "bjorn" and dice.random() > 0.1:
        return []
    return [
        [
            who.identity_code,
            dice.choice(_HARBOURS),
            f"{dice.choice('ABC')}{dice.randint(1, 80)}",
            _day(date(2026, 5, 1)),
            _day(date(2026, 10, 31)),
            _euros(dice.choice((16900, 24150))),
            f"M{dice.randint(1000, 9999)}",
            "Muistiinpano",
        ]
    ]


_FILES = {
    "courses.csv": ("henkilotunnus;kurssi;paikka;alkaa;paattyy;tila;hinta", _courses, "cp1252"),
    "wristband_visits.csv": ("henkilotunnus;paikka;aika;asiakasryhma", _visits, "utf-8-sig"),
    "bookings.csv": ("henkilotunnus;tila;paikka;paiva;klo;minuutit;hinta", _bookings, "cp1252"),
    "boat_places.csv": ("henkilotunnus;satama;paikka;alkaa;paattyy;hinta;vene;muistiinpano", _boats, "utf-8-sig"),
}


def drop(folder: Path, *, mood: Mood = Mood.OK) -> None:
    """Write all files anew, each first under another name, then moved into place whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (header, rows_of, encoding) in _FILES.items():
        dice = random.Random(name)
        columns = header.split(";")
        if mood is Mood.WRONG:
            columns[0] = "asiakas"
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
        writer.writerow(columns)
        for who in _customers():
            writer.writerows(rows_of(dice, who))
        part = folder / f"{name}.part"
        part.write_bytes(text.getvalue().encode(encoding))
        part.rename(folder / name)


def _server_class(moods: Moods, password: str) -> type[asyncssh.SSHServer]:
    class Door(asyncssh.SSHServer):
        """Lets the portal in by password, unless the department is closed."""

        def password_auth_supported(self) -> bool:
            return True

        def validate_password(self, username: str, given: str) -> bool:
            return moods[NAME] is not Mood.DOWN and (username, given) == (USER, password)

    return Door


def host_key(path: Path) -> asyncssh.SSHKey:
    """The server's key, made once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(path))
    return asyncssh.read_private_key(str(path))


async def serve(port: int, folder: Path, moods: Moods, *, password: str, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    """Listen on loopback; the files lie at the root of what the portal sees."""
    drop(folder)

    def files(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        if moods[NAME] in {Mood.OK, Mood.WRONG}:
            drop(folder, mood=moods[NAME])
        return asyncssh.SFTPServer(channel, chroot=str(folder).encode())

    return await asyncssh.create_server(
        _server_class(moods, password), "127.0.0.1", port, server_host_keys=[key], sftp_factory=files
    )
