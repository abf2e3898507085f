"""Who signed in stands sealed, and nowhere else: every table, every session, every log line is looked through."""

import base64
import json
import zlib

import psycopg
import pytest

from demo.browser import Browser
from demo.people import everyone, staff
from tests.people.ways_in import set_up_second_step, sign_in, staff_sign_in
from tests.portal_server import Running

pytestmark = pytest.mark.usefixtures("no_second_steps")

PEOPLE = {person.slug: person for person in everyone()}
RESIDENTS = ("raili", "otso", "bjorn", "amira")


def session_text(data: str) -> str:
    """What a stored session holds: Django signs it, compresses it when long, and hides nothing."""
    packed = data.split(":", maxsplit=1)[0]
    raw = base64.urlsafe_b64decode(packed.lstrip(".") + "==")
    return (zlib.decompress(raw) if packed.startswith(".") else raw).decode()


def everything(rows: psycopg.Connection) -> str:
    """Every row of every table as text; sessions opened."""
    tables = rows.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
    ).fetchall()
    told = [
        str(row[0]) for schema, table in tables for row in rows.execute(f'SELECT t::text FROM "{schema}"."{table}" t')
    ]
    told += [session_text(row[0]) for row in rows.execute("SELECT session_data FROM django_session")]
    told += [str(row[0]) for row in rows.execute("SELECT convert_from(body, 'UTF8') FROM ledger_pending")]
    return "\n".join(told)


def spellings(secret: str) -> set[str]:
    """As text, as JSON escapes it, as base64 at the three offsets, and as PostgreSQL prints bytes."""
    raw = secret.encode()
    shifted = {base64.b64encode(b"\0" * pad + raw)[4 if pad else 0 : -4].decode() for pad in range(3)}
    return {secret, json.dumps(secret)[1:-1], raw.hex(), *(piece for piece in shifted if len(piece) > 7)}


def told(secrets: list[str], there: str) -> list[str]:
    """Which of them stand there, in any spelling."""
    return [secret for secret in secrets if secret and any(form in there for form in spellings(secret))]


@pytest.mark.security("V14.2.1")
def test_no_table_no_session_and_no_log_line_tells_who_signed_in(portal: Running, rows: psycopg.Connection) -> None:
    for slug in RESIDENTS:
        sign_in(Browser("fi"), portal.base, slug)
        sign_in(Browser("fi"), portal.base, slug, broken="nonce")
    for who in staff():
        browser = Browser("fi")
        set_up_second_step(browser, staff_sign_in(browser, portal, who.slug))
    there = everything(rows) + portal.log.read_text()
    residents = [PEOPLE[slug] for slug in RESIDENTS]
    secrets = [word for who in residents for word in (who.identity_code, who.family_name, who.email, who.street)]
    secrets += [word for who in staff() for word in (who.identity_code, who.name, who.name.split()[-1])]
    assert (len(there) > 100_000, told(secrets, there)) == (True, [])


def test_the_look_finds_what_stands_in_clear_in_any_column_or_session(
    portal: Running, rows: psycopg.Connection
) -> None:
    code = PEOPLE["otso"].identity_code
    rows.execute("CREATE TABLE planted (as_bytes bytea, as_json jsonb, as_base64 text)")
    rows.execute("INSERT INTO planted (as_bytes) VALUES (%s)", [f"x{code}".encode()])
    rows.execute("INSERT INTO planted (as_json) VALUES (%s)", [json.dumps({"name": "Väinö"})])
    rows.execute("INSERT INTO planted (as_base64) VALUES (%s)", [base64.b64encode(b"xBackstubackan").decode()])
    session = base64.urlsafe_b64encode(json.dumps({"name": "Sessionsson"}).encode()).decode().rstrip("=")
    rows.execute("INSERT INTO django_session VALUES ('planted', %s, now())", [f"{session}:1abc:signature"])
    there = everything(rows)
    rows.execute("DROP TABLE planted; DELETE FROM django_session WHERE session_key = 'planted'")
    planted = [code, "Väinö", "Backstubackan", "Sessionsson"]
    assert told([*planted, "Nobodysson"], there) == planted
