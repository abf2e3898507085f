"""The ways into the portal, as a person goes them in a browser."""

import base64
import hmac
import struct
import time

import psycopg

from demo.browser import Browser, Page
from tests.portal_server import Running


def sign_in(browser: Browser, base: str, slug: str, *, broken: str = "", wanted: str = "") -> Page:
    """A resident's way, by the start page; `wanted` stands in the form's `next`."""
    start = browser.open(f"{base}/en/")
    asked = {"next": wanted} if wanted else {}
    pick = browser.send(start, start.form(posting_to="suomifi/"), **asked)
    return browser.send(pick, pick.form(with_choice="person"), person=slug, **{"break": broken})


def staff_sign_in(browser: Browser, portal: Running, slug: str, *, broken: str = "") -> Page:
    """A staff member's way up to the second step."""
    door = browser.open(f"{portal.staff_base}/sign-in/")
    pick = browser.send(door, door.form(posting_to="city/"))
    return browser.send(pick, pick.form(with_choice="person"), person=slug, **{"break": broken})


def code_of(key: str, *, steps: int = 0) -> str:
    """What the authenticator app shows for `key` now (RFC 6238), or `steps` half minutes later."""
    counter = struct.pack(">Q", int(time.time()) // 30 + steps)
    mac = hmac.digest(base64.b32decode(key), counter, "sha1")
    start = mac[-1] & 15
    return f"{(int.from_bytes(mac[start : start + 4], 'big') & 0x7FFFFFFF) % 1_000_000:06}"


def set_up_second_step(browser: Browser, page: Page) -> tuple[str, Page]:
    """The key, and where one lands; `page` is the one that shows the key."""
    words = page.text.split()
    key = next(word for word in words if len(word) == 32 and word.isupper())
    return key, browser.send(page, page.form(posting_to="totp/activate/"), code=code_of(key))


def refusals(rows: psycopg.Connection) -> list[str]:
    """The reasons of all refused sign-ins so far, oldest first."""
    found = rows.execute(
        "SELECT convert_from(body, 'UTF8')::jsonb -> 'counts' ->> 'reason' FROM ledger_pending"
        " WHERE convert_from(body, 'UTF8')::jsonb ->> 'kind' = 'people.sign_in_refused' ORDER BY id"
    )
    return [row[0] for row in found]
