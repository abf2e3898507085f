"""A client written from the documentation alone: it knows nothing of the portal but what docs/department-api.md says.

The calls below are the examples of the page, sent as they stand there with the client's own values in place of dots.
"""

import json
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey

from demo.browser import Browser
from demo.people import everyone
from tests.portal_server import ROOT, Running

pytest_plugins = ["tests.rest.at_work"]

DOCS = (ROOT / "docs" / "department-api.md").read_text()
WHO = "lempi"
CODE = next(person.identity_code for person in everyone() if person.slug == WHO)
SCOPES = ["consents:check", "consents:request", "data:read", "uses:write", "changes:read"]
WAITS_SECONDS = 60
_BLOCK = re.compile(r"^```\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_CALL = re.compile(r"(GET|POST) (/\S+)\n((?:[\w-]+: [^\n]*\n)*)(.*)", re.DOTALL)


class Program:
    """A department's program, as somebody outside would write it with the page in hand."""

    def __init__(self, base: str, out: Path) -> None:
        self.base = base
        self._let_in = json.loads(out.read_text())
        found = (_CALL.fullmatch(block) for block in _BLOCK.findall(DOCS))
        self._examples = {call[2].partition("?")[0]: call for call in found if call}
        self._headers = {"Authorization": f"Bearer {self._token()}"}
        self.subject = ""

    def _token(self) -> str:
        """By a signed assertion."""
        said = httpx2.get(f"{self.base}/.well-known/oauth-authorization-server").json()
        kid, claims = (json.loads(line) for line in next(b for b in _BLOCK.findall(DOCS) if '"kid"' in b).splitlines())
        key, mine, now = ECKey.import_key(self._let_in["key"]), self._let_in["client_id"], int(time.time())
        claims |= {"iss": mine, "sub": mine, "aud": said["token_endpoint"], "jti": str(uuid4())}
        claims |= {"iat": now, "exp": now + claims["exp"] - claims["iat"]}
        assertion = jwt.encode(kid | {"kid": key.kid}, claims, key)
        call = self._examples["/oauth/token/"]
        headers = dict(line.split(": ") for line in call[3].splitlines())
        form = call[4].strip().replace("client_assertion=...", f"client_assertion={assertion}")
        told = httpx2.post(f"{self.base}{call[2]}", content=form, headers=headers).raise_for_status().json()
        assert (told["token_type"], told["scope"].split()) == ("Bearer", SCOPES)
        return str(told["access_token"])

    def send(self, path: str, **more: Any) -> dict[str, Any]:
        """The example of this address, about the one whom the program knows, with more or other values."""
        method, _, headers, body = self._examples[path].groups()
        given = dict(line.split(": ") for line in headers.splitlines())
        if "Idempotency-Key" in given:
            given["Idempotency-Key"] = str(uuid4())
        told = httpx2.request(
            method,
            self.base + path.replace("{id}", more.pop("id", "")),
            content=json.dumps(self._filled(json.loads(body)) | more),
            headers=self._headers | given,
        )
        assert told.is_success, told.text
        answer: dict[str, Any] = told.json()
        return answer

    def _filled(self, value: Any) -> Any:
        """In place of a pseudonym that ends in dots stands our own for the person; before there is one, the code."""
        if isinstance(value, list):
            return [self._filled(each) for each in value]
        if not isinstance(value, dict):
            return value
        if "identity_code" in value:
            return {"identity_code": CODE}
        return {
            name: self.subject if name == "subject" and isinstance(part, str) else self._filled(part)
            for name, part in value.items()
        }

    def get(self, path: str, **words: str) -> dict[str, Any]:
        """A list."""
        told: dict[str, Any] = httpx2.get(f"{self.base}{path}", params=words, headers=self._headers).json()
        return told

    def changes(self, after: str) -> tuple[list[dict[str, Any]], str]:
        """All that has come since the cursor; asked again for a while when there is nothing."""
        seen: list[dict[str, Any]] = []
        for _ in range(WAITS_SECONDS * 5):
            page = self.get("/api/v1/changes/", **({"after": after} if after else {}))
            seen, after = [*seen, *page["changes"]], page["next"]
            if not page["more"] and (mine := [each for each in seen if each["subject"] == self.subject]):
                return mine, after
            time.sleep(0.2)
        return [], after


@pytest.fixture
def program(working: Running, tmp_path: Path) -> Program:
    """The first line of the page: the city lets a system in."""
    argv = next(line for line in re.findall(r"`(manage\.py make_client [^`]*)`", DOCS) if "--out" in line).split()
    out = tmp_path / argv[-1]
    argv = [*argv[: argv.index("--scopes") + 1], *SCOPES, "--out", str(out)]
    subprocess.run([sys.executable, *argv], cwd=ROOT, env=working.environment, check=True, capture_output=True)
    return Program(working.base, out)


def signed_in(base: str) -> Browser:
    browser = Browser("en")
    start = browser.open(f"{base}/en/")
    pick = browser.send(start, start.form(posting_to="suomifi/"))
    browser.send(pick, pick.form(with_choice="person"), person=WHO)
    return browser


def test_from_a_token_to_an_acknowledgement_that_the_resident_sees(working: Running, program: Program) -> None:
    base, resident = working.base, signed_in(working.base)
    assert "swimming-reminders" in [each["purpose"] for each in program.get("/api/v1/purposes/")["purposes"]]
    (no,) = program.send("/api/v1/checks/")["answers"]
    assert (no["allowed"], no["reason"]) == (False, "no_consent")
    program.subject = no["subject"]
    assert program.send("/api/v1/consent-requests/") == {"subject": program.subject, "status": "accepted"}
    question = resident.open(resident.open(f"{base}/en/permissions/").link("A reminder before a course"))
    resident.send(question, question.form(with_choice="answer"), answer="yes")

    (yes,) = program.send("/api/v1/checks/", subjects=[{"subject": program.subject}])["answers"]
    assert (yes["allowed"], yes["subject"]) == (True, program.subject)
    (part,) = program.send("/api/v1/disclosures/")["datasets"]
    assert (part["allowed"], sorted(part["fields"]), part["withheld"]) == (True, ["course", "starts_on"], ["place"])
    assert program.send("/api/v1/uses/") == {"received": 1}
    (given,), cursor = program.changes("")
    assert (given["kind"], given["acknowledge_by"]) == ("consent.given", None)

    permission = resident.open(resident.open(f"{base}/en/permissions/").link("A reminder before a course"))
    stop = resident.open(permission.url.rstrip("/") + "/stop/")
    resident.send(stop, stop.forms[-1])
    (no,) = program.send("/api/v1/checks/", subjects=[{"subject": program.subject}])["answers"]
    assert (no["allowed"], no["reason"]) == (False, "withdrawn")
    (ended,), _ = program.changes(cursor)
    assert (ended["kind"], bool(ended["acknowledge_by"])) == ("consent.withdrawn", True)
    assert "Has acted:" not in resident.open(permission.url).text
    assert program.send("/api/v1/changes/{id}/acknowledgement/", id=ended["id"])["change"] == ended["id"]
    assert "Has acted:" in resident.open(permission.url).text
    log = resident.open(f"{base}/en/usage/").text
    for line in ("Your data was handed over", "used your data in its own system", "said that it has acted"):
        assert line in log, line
