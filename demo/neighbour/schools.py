"""Another city's schools: a database in one file (SQLite), with pupils of today and what is kept of those of before."""

import random
import sqlite3
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from demo.neighbour.people import known_in
from demo.people import Person

_TODAY = date(2026, 11, 20)
_SCHEMA = """
CREATE TABLE pupil (id INTEGER PRIMARY KEY, henkilotunnus TEXT NOT NULL UNIQUE, guardian_phone TEXT);
CREATE TABLE enrolment (id INTEGER PRIMARY KEY, pupil_id INTEGER NOT NULL REFERENCES pupil, school TEXT NOT NULL,
    class TEXT NOT NULL, language TEXT NOT NULL, starts_on TEXT NOT NULL, ends_on TEXT);
CREATE TABLE grade (id INTEGER PRIMARY KEY, pupil_id INTEGER NOT NULL REFERENCES pupil, certificate TEXT NOT NULL,
    subject TEXT NOT NULL, grade INTEGER NOT NULL, given_on TEXT NOT NULL);
CREATE TABLE absence (id INTEGER PRIMARY KEY, pupil_id INTEGER NOT NULL REFERENCES pupil, day TEXT NOT NULL,
    lessons INTEGER NOT NULL, reason TEXT NOT NULL);
CREATE INDEX pupil_enrolment ON enrolment (pupil_id); CREATE INDEX pupil_grade ON grade (pupil_id);
CREATE INDEX pupil_absence ON absence (pupil_id);
"""
_LOWER = (("Mallimäen koulu", "fi"), ("Esimerkinrinteen koulu", "fi"), ("Modellbackens skola", "sv"))
_UPPER = (("Koelaakson yläkoulu", "fi"), ("Näyteniemen koulu", "fi"), ("Provdalens skola", "sv"))
_SUBJECTS = ("mother-tongue", "mathematics", "english", "history", "physics", "biology", "music", "sport")
Rows = list[tuple[Any, ...]]


def build(path: Path, city: str) -> None:
    """Write the file anew and move it into place whole."""
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    opened = sqlite3.connect(part)
    with opened:
        opened.executescript(_SCHEMA)
        for number, person in enumerate(pupils(city), 1):
            _write(opened, city, number, person)
    opened.close()
    part.rename(path)


def pupils(city: str) -> Iterator[Person]:
    """Those who go to school there, or have: certificates are kept for ever, of those who left since 2010."""
    for person in known_in(city):
        if _first_year(person) + 9 >= 2010 and _first_year(person) < _TODAY.year + (_TODAY.month >= 8):
            yield person


def _first_year(person: Person) -> int:
    """School begins in August of the year of the seventh birthday (628/1998, section 25)."""
    return person.born.year + 7


def _write(opened: sqlite3.Connection, city: str, number: int, person: Person) -> None:
    dice = random.Random(f"{city} school {person.slug}")
    opened.execute("INSERT INTO pupil VALUES (?, ?, ?)", (number, person.identity_code, person.phone))
    began = _first_year(person)
    here = [each for each in _years(dice, person) if each[3] <= str(_TODAY)]
    opened.executemany(
        "INSERT INTO enrolment (pupil_id, school, class, language, starts_on, ends_on) VALUES (?, ?, ?, ?, ?, ?)",
        [(number, *each) for each in here],
    )
    left = date(began + 9, 5, 31) <= _TODAY
    certificate, given = ("leaving", date(began + 9, 5, 30)) if left else ("year", date(_TODAY.year, 5, 30))
    if given.year > began:
        opened.executemany(
            "INSERT INTO grade (pupil_id, certificate, subject, grade, given_on) VALUES (?, ?, ?, ?, ?)",
            [(number, certificate, subject, dice.randint(6, 10), str(given)) for subject in _SUBJECTS],
        )
    if not left:
        opened.executemany(
            "INSERT INTO absence (pupil_id, day, lessons, reason) VALUES (?, ?, ?, ?)",
            [(number, *each) for each in _absences(dice)],
        )


def _years(dice: random.Random, person: Person) -> Rows:
    """Six years at one school, three at another, each a row: school, class, language, beginning, end or nothing."""
    wanted = "sv" if person.language == "sv" else "fi"
    schools = [dice.choice([each for each in kind if each[1] == wanted]) for kind in (_LOWER, _UPPER)]
    letter, began, rows = dice.choice("ABC"), _first_year(person), []
    for (name, language), first, last in zip(schools, (1, 7), (6, 9), strict=True):
        ends = date(began + last, 7, 31)
        now = max(first, min(last, _TODAY.year - began + (_TODAY.month >= 8)))
        starts = date(began + first - 1, 8, 10)
        rows.append((name, f"{now} {letter}", language, str(starts), str(ends) if ends <= _TODAY else None))
    return rows


def _absences(dice: random.Random) -> Rows:
    days = [_TODAY - timedelta(days=dice.randint(1, 90)) for _ in range(dice.randint(0, 4))]
    school_days = sorted(day for day in days if day.weekday() < 5)
    return [(str(day), dice.randint(1, 6), dice.choice(("ill", "ill", "leave", "other"))) for day in school_days]
