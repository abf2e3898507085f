"""Lists of a long log: a resident's page and the back office's, filtered every way that they offer, walls and all.

`LISTED_ENTRIES` (200,000) says how long; one resident has a fiftieth of them, another thirty. Each in milliseconds.
"""

import os
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from statistics import median
from typing import cast
from uuid import UUID, uuid4

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from portal.ledger.actor import Actor, ActorKind, Right, system
from portal.ledger.entries import Facts, alike, leaf_hash
from portal.people.doors import STAFF, cookie_name
from portal.people.models import User, UserKind
from portal.staff import site
from portal.walls import Role, scope
from tests.bench.framework import DATABASE, Portal, Row
from tests.residents import describe_city, enter

ENTRIES = int(os.environ.get("LISTED_ENTRIES", "200000"))
TURNS = 5
DAYS = 300
BIG = ("sports", "library", "early-education", "education")
# Most of the log; a fifteenth of it, of no department; one in sixty thousand.
KINDS = ("datasources.sheet_changed", "people.signed_in", "people.many_opened")
# What a page may take; the whole of it, with its template. Ten times as many entries as anybody is thought to have, of
# which all must be looked at, may take longer.
BAR_MS, BAR_ALL_MS = 300.0, 1000.0
_BY = system("sources.pull"), Actor(kind=ActorKind.CLIENT, id="sports-app", right=Right.CLIENT)
_COPY = "COPY {} FROM STDIN (FORMAT binary)"
Make = Callable[[UUID, UUID, bytes], bytes]


def rows(portal: Portal) -> list[Row]:
    """One row a list: its milliseconds against what a page may take."""
    describe_city()
    many, few = enter("raili"), enter("mikael")
    _fill(portal, many.person, few.person)
    # As for tests of the back office (tests/staffing.py): that door has tests of its own.
    setattr(site, "second_step_passed", lambda _: True)  # noqa: B010
    call_command("make_groups", stdout=sys.stderr)
    office = {name: _hired("auditor", *name.split(",")) for name in ("*", "museum", "sports", "sports,library")}
    day = (timezone.now() - timedelta(days=DAYS // 2)).date()
    asked: dict[str, tuple[Client, str]] = {}
    for name, browser in (("many", many.browser), ("few", few.browser)):
        for query in ("", "department=museum", "how=people", "period=365", f"day={day}", "each=1", "page=20&each=1"):
            asked[f"{name} {query}"] = browser, f"/fi/usage/?{query}"
    for name, browser in office.items():
        for query in ("", *(f"kind__exact={kind}" for kind in KINDS), f"month={day:%Y-%m}"):
            asked[f"{name} {query}"] = browser, f"/admin/ledger/entry/?{query}"
    return [Row(name, _measured(*what), _bar(name), "ms", 1.0, "lower") for name, what in asked.items()]


def _bar(name: str) -> float:
    whole = name.startswith("many") and ("how=" in name or "day=" in name)
    return BAR_ALL_MS if whole else BAR_MS


def _measured(browser: Client, address: str) -> float:
    found = []
    for turn in range(TURNS + 1):
        began = time.perf_counter()
        answer = browser.get(address)
        spent = 1000 * (time.perf_counter() - began)
        # A page further on may not be there.
        assert answer.status_code in {200, 404}, (address, answer.status_code)
        if turn:
            found.append(spent)
        elif spent > 10_000:
            return spent
    return median(found)


def _hired(group: str, *departments: str) -> Client:
    user = User.objects.create(
        username=str(uuid4()), kind=UserKind.STAFF, is_staff=True, departments=[*departments], own_index=None
    )
    with scope(Role.STAFF, departments=["*"]):
        user.groups.set(Group.objects.filter(name=group))
    browser = Client(headers={"host": "localhost", "accept-language": "en"})
    browser.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
    session = browser.cookies.pop(settings.SESSION_COOKIE_NAME)
    browser.cookies[cookie_name(STAFF, settings.SESSION_COOKIE_NAME)] = session.value
    return browser


def _fill(portal: Portal, many: UUID, few: UUID) -> None:
    """Entries spread over three hundred days, straight into the tables; their seals are not looked at here."""
    with portal.server.connect(DATABASE) as superuser:
        superuser.execute("SET session_replication_role = replica")
        superuser.execute("ALTER TABLE ledger_entry DROP CONSTRAINT IF EXISTS entry_carries_its_own_id")
        leaves = []
        columns = _columns(superuser)
        with superuser.cursor().copy(_COPY.format(f"ledger_entry ({', '.join(columns)})")) as copy:
            copy.set_types([{"id": "uuid", "body": "bytea", "subject": "uuid"}.get(name, "text") for name in columns])
            for number, told in enumerate(_entries(many, few)):
                copy.write_row([told[name] for name in columns])
                leaves.append((number, told["id"], leaf_hash(cast("bytes", told["body"]))))
        with superuser.cursor().copy(_COPY.format("ledger_leaf (index, entry_id, hash, sequenced_at)")) as copy:
            copy.set_types(["int8", "uuid", "bytea", "timestamptz"])
            for number, entry, hashed in leaves:
                copy.write_row([number + 1_000_000, entry, hashed, datetime.now(UTC)])
    with portal.server.connect(DATABASE) as superuser:
        superuser.autocommit = True
        superuser.execute("VACUUM ANALYZE ledger_entry")
        superuser.execute("VACUUM ANALYZE ledger_leaf")


def _columns(superuser: object) -> list[str]:
    asked = "SELECT column_name FROM information_schema.columns WHERE table_name = 'ledger_entry' ORDER BY 1"
    return [str(name) for (name,) in superuser.execute(asked).fetchall()]  # type: ignore[attr-defined]


def _entries(many: UUID, few: UUID) -> Iterator[dict[str, object]]:
    chance = random.Random(7)  # noqa: S311
    now = timezone.now()
    people = [UUID(int=chance.getrandbits(128)) for _ in range(20_000)]
    makers: dict[tuple[str, str], Make] = {}
    for number in range(ENTRIES):
        at = now - timedelta(days=DAYS) * (1 - number / ENTRIES)
        kind, department = _what(chance, number)
        key = kind, department
        # The day is in the bytes: a maker for each.
        if number % (ENTRIES // DAYS) == 0:
            makers.clear()
        if key not in makers:
            purpose = "swimming-reminders" if kind == "consents.disclosed" else ""
            facts = Facts(None, department, purpose, ["sports-courses"], "", {"rows": 3})
            makers[key] = alike(kind, by=_BY[kind == "consents.disclosed"], at=at, facts=facts)
        person = many if number % 50 == 7 else few if number % (ENTRIES // 30) == 1 else chance.choice(people)
        entry = UUID(int=(int(at.timestamp() * 1000) << 80) + (7 << 76) + (2 << 62) + number)
        told = makers[key](entry, person, bytes(32))
        yield {"id": entry, "body": told, "subject": person, "department": department, "kind": kind}


def _what(chance: random.Random, number: int) -> tuple[str, str]:
    if number % 60_000 == 59_999:
        return "people.many_opened", "museum"
    share = chance.random()
    kind = "datasources.sheet_changed" if share < 0.7 else "consents.disclosed" if share < 0.95 else "people.signed_in"
    return kind, "" if kind == "people.signed_in" else chance.choice(BIG)
