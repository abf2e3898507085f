"""Sports services: CSV files dropped into a folder that is read by SFTP."""

import asyncio
import csv
import io
import random
import secrets
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
_ROOMS = ("Kuntosali", "Sulkapallokenttä", "Tenniskenttä")
_HARBOURS = ("Mallisatama", "Koesatama")
_PINNED = {"raili", "otso", "mikael", "bjorn"}
Table = list[list[str]]


def _day(day: date) -> str:
    return f"{day.day}.{day.month}.{day.year}"


def _euros(cents: int) -> str:
    return f"{cents // 100},{cents % 100:02d}"


def customers() -> list[Person]:
    """Those who swim, in the order of the demo's people."""
    dice = random.Random(1952)
    return [person for person in everyone() if person.slug in _PINNED or (not person.story and dice.random() < 0.4)]


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


def _visit_days(dice: random.Random, who: Person) -> list[date]:
    """Newest first. The swimmer goes on Mondays, Wednesdays and Fridays, the father of two on Mondays."""
    weekdays = {"raili": (0, 2, 4), "mikael": (0,)}.get(who.slug)
    if weekdays is None:
        return sorted((_TODAY - timedelta(days=dice.randint(1, 90)) for _ in range(dice.randint(0, 6))), reverse=True)
    days = [_TODAY - timedelta(days=back) for back in range(1, 85)]
    return [day for day in days if day.weekday() in weekdays]


def _visits(dice: random.Random, who: Person) -> Table:
    return [
        [
            who.identity_code,
            _HALLS[0] if who.slug in _PINNED else dice.choice(_HALLS),
            f"{_day(day)} {dice.randint(7, 19)}.{dice.randint(0, 59):02d}",
            "SENIORI" if who.born.year < 1958 else "AIKUINEN",
        ]
        for day in _visit_days(dice, who)
    ]


def _bookings(dice: random.Random, who: Person) -> Table:
    return [
        [
            who.identity_code,
            "Kuntosali" if who.slug == "otso" else dice.choice(_ROOMS),
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


def _content(name: str, mood: Mood) -> bytes:
    header, rows_of, encoding = _FILES[name]
    columns = [*header.split(";"), "syntymaaika"]
    if mood is Mood.WRONG:
        columns[0] = "asiakas"
    everybody = customers()
    codes = [who.identity_code for who in everybody]
    if mood is Mood.OTHER_PERSON:
        codes = codes[1:] + codes[:1]
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(columns)
    for who, code in zip(everybody, codes, strict=True):
        # A customer's lines depend on nobody else's.
        for _, *rest in rows_of(random.Random(f"{name} {who.slug}"), who):
            writer.writerow([code, *rest, _day(who.born)])
    return text.getvalue().encode(encoding)


def drop(folder: Path, *, mood: Mood = Mood.OK) -> None:
    """Write what has changed, each file first under another name, then moved into place whole."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in _FILES:
        path, content = folder / name, _content(name, mood)
        if path.exists() and path.read_bytes() == content:
            continue
        part = folder / f"{name}.part"
        part.write_bytes(content)
        part.rename(path)


class Door(asyncssh.SSHServer):
    """Lets the portal in by password, unless the department is closed."""

    def __init__(self, moods: Moods, password: str) -> None:
        self._moods, self._password = moods, password

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        """Hangs up when closed."""
        if self._moods[NAME] is Mood.DOWN:
            conn.abort()

    def password_auth_supported(self) -> bool:
        """Yes, and no other way."""
        return True

    def validate_password(self, username: str, password: str) -> bool:
        """True for the portal alone."""
        return secrets.compare_digest(f"{username} {password}".encode(), f"{USER} {self._password}".encode())


class Files(asyncssh.SFTPServer):
    """The folder as its root; opening a file takes long when the department is slow."""

    def __init__(self, channel: asyncssh.SSHServerChannel[bytes], folder: Path, moods: Moods) -> None:
        super().__init__(channel, chroot=str(folder).encode())
        self._moods = moods

    async def open(self, path: bytes, pflags: int, attrs: asyncssh.SFTPAttrs) -> object:
        """The open file."""
        if self._moods[NAME] is Mood.SLOW:
            await asyncio.sleep(self._moods.slow_seconds)
        return super().open(path, pflags, attrs)


def host_key(path: Path) -> asyncssh.SSHKey:
    """The server's key, made once."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        asyncssh.generate_private_key("ssh-ed25519").write_private_key(str(path))
        path.chmod(0o600)
    return asyncssh.read_private_key(str(path))


async def serve(port: int, folder: Path, moods: Moods, *, password: str, key: asyncssh.SSHKey) -> asyncssh.SSHAcceptor:
    """Listen on loopback; the files lie at the root of what the portal sees."""
    drop(folder)

    def files(channel: asyncssh.SSHServerChannel[bytes]) -> asyncssh.SFTPServer:
        drop(folder, mood=moods[NAME])
        return Files(channel, folder, moods)

    return await asyncssh.create_server(
        lambda: Door(moods, password), "127.0.0.1", port, server_host_keys=[key], sftp_factory=files
    )
