"""How sports services come to hear: they make a webhook by the API, keep its secret, and say when they have acted."""

import json
import threading
from pathlib import Path
from typing import Any

import httpx2

from demo.client import Department
from demo.departments.receiver import Receiver

_PAUSE, _TRIES = 2.0, 10
_MAILBOX = "courses@sports.example"


class Hearing:
    """Tries until the portal is there. `file` keeps the webhook's id and secret from one run to the next."""

    def __init__(self, receiver: Receiver, department: Department, file: Path) -> None:
        self._receiver, self._department, self._file = receiver, department, file
        self._stop = threading.Event()
        receiver.act = self._acknowledge
        threading.Thread(target=self._run, daemon=True).start()

    def end(self) -> None:
        """Try no more."""
        self._stop.set()

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self._listen()
            except (httpx2.HTTPError, OSError, ValueError, KeyError):
                # Not open yet, or the system has no such right: it is asked again.
                self._stop.wait(_PAUSE)
            else:
                return

    def _listen(self) -> None:
        kept = json.loads(self._file.read_text()) if self._file.exists() else None
        if kept is None or not self._is_there(kept):
            told = {"url": self._receiver.url, "contact_email": _MAILBOX}
            made = self._department.act("POST", "webhooks/", told)
            kept = {"id": made["webhook"]["id"], "secret": made["secret"]}
            self._file.touch(mode=0o600)
            self._file.write_text(json.dumps(kept))
        self._receiver.keys = [kept["secret"]]

    def _is_there(self, kept: dict[str, Any]) -> bool:
        """The webhook of the run before, now to this run's address."""
        try:
            self._department.act("PATCH", f"webhooks/{kept['id']}/", {"url": self._receiver.url, "switched_on": True})
        except httpx2.HTTPStatusError as refused:
            if refused.response.status_code != httpx2.codes.NOT_FOUND:
                raise
            return False
        return True

    def _acknowledge(self, message: dict[str, Any]) -> None:
        """What has ended is no longer used here from now on; then the portal is told so."""
        change = message["data"]
        if not change.get("acknowledge_by"):
            return
        for _ in range(_TRIES):
            try:
                self._department.act("POST", f"changes/{change['id']}/acknowledgement/", {}, key=change["id"])
            except httpx2.HTTPError:
                self._stop.wait(_PAUSE)
            else:
                return
