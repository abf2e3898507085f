"""A department's system that calls without a pause while the portal is killed around it, as the documentation says."""

import json
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import httpx2

from demo.client import Department

PURPOSE, DATASET, SENT = "swimming-reminders", "sports-courses", "sports-passes"
_COME_AGAIN = {408, 409, 429, 500, 502, 503}
_JSON, _LINES = "application/json", "application/x-ndjson"


@dataclass(frozen=True)
class Act:
    """One call that changes something, under its own key."""

    path: str
    body: bytes
    kind: str
    key: str


class System(threading.Thread):
    """`heard`: the answers that it heard, by the call; each call is repeated under its key until one is heard."""

    def __init__(self, department: Department, code: str, *, asks: str) -> None:
        super().__init__(daemon=True)
        # Whoever is asked for a permission is not the one who answers all the time: a question changes their page.
        self._department, self._code, self._asks = department, code, asks
        self.heard: dict[Act, bytes] = {}
        self.changes: list[str] = []
        self.repeated, self.fault, self._cursor = 0, "", ""
        self.done = threading.Event()

    def run(self) -> None:
        """Until told that it is done: then what it has begun is brought to its end."""
        number = 0
        while not (self.done.is_set() or self.fault):
            number += 1
            for act in self._acts(number):
                self._do(act)
            self.read_on()

    def _acts(self, number: int) -> list[Act]:
        who = {"identity_code": self._code}
        at = datetime.now(UTC).isoformat()
        use = {"subject": who, "at": at, "unit": "Uimahalli", "role": "ohjaaja", "purpose": PURPOSE}
        line = {"identity_code": self._code, "key": "crash", "observed_at": at}
        record = {"product": "Uimahalli", "visits_left": 7, "valid_until": "2027-06-30"}
        bodies: list[tuple[str, Any, str]] = [
            ("disclosures/", {"purpose": PURPOSE, "subject": who, "datasets": [DATASET]}, _JSON),
            ("uses/", {"uses": [use | {"datasets": [DATASET], "reference": f"look-{number}"}]}, _JSON),
            ("consent-requests/", {"purpose": PURPOSE, "subject": {"identity_code": self._asks}}, _JSON),
            (f"datasets/{SENT}/records/", line | {"record": record}, _LINES),
        ]
        return [Act(path, json.dumps(body).encode(), kind, uuid4().hex) for path, body, kind in bodies]

    def _do(self, act: Act) -> None:
        while act not in self.heard and not self.fault:
            answer = self._sent(act)
            if answer is None:
                self.repeated += 1
                time.sleep(0.2)
            elif answer.is_success:
                self.heard[act] = answer.content
            else:
                self.fault = f"{act.path} was answered {answer.status_code}: {answer.text}"

    def _sent(self, act: Act) -> httpx2.Response | None:
        """None when it is to be sent again."""
        try:
            answer = self.send(act)
        except (httpx2.HTTPError, OSError):
            return None
        return None if answer.status_code in _COME_AGAIN else answer

    def send(self, act: Act) -> httpx2.Response:
        """Once."""
        headers = {"Authorization": f"Bearer {self._department.token()}", "Idempotency-Key": act.key}
        headers["Content-Type"] = act.kind
        return httpx2.post(f"{self._department.base}/api/v1/{act.path}", content=act.body, headers=headers, timeout=20)

    def read_on(self) -> bool:
        """The next page of changes; True when there is more at once, or when it could not be read."""
        words = {"limit": "1000"} | ({"after": self._cursor} if self._cursor else {})
        address = f"{self._department.base}/api/v1/changes/"
        try:
            headers = {"Authorization": f"Bearer {self._department.token()}"}
            answer = httpx2.get(address, params=words, headers=headers, timeout=20)
        except (httpx2.HTTPError, OSError):
            return True
        if not answer.is_success:
            return True
        told = answer.json()
        self.changes += [change["id"] for change in told["changes"]]
        self._cursor = told["next"]
        return bool(told["more"])

    def made(self, path: str) -> int:
        """How many calls to this address were answered."""
        return sum(act.path == path for act in self.heard)
