"""Requests a second, by wrk: it costs little beside a server on the same two cores."""

import json
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

SECONDS, CONNECTIONS = 4, 8
_SCRIPT = """
local number = 0
request = function()
    number = number + 1
    local each = asked[(number - 1) % #asked + 1]
    if counted ~= "" then each.headers[counted] = seed .. number end
    return wrk.format(method, path, each.headers, each.body)
end
"""


class LoadFailed(Exception):
    """Some requests were not answered as they should be; the message is what wrk said."""


@dataclass(frozen=True)
class Ask:
    """One request of those that are sent in turn."""

    headers: dict[str, str]
    body: str = ""


@dataclass(frozen=True)
class Load:
    """Requests to one address, each connection sending the next when it has its answer.

    `counted`: a header that tells something else in every request.
    """

    base: str
    method: str
    path: str
    asks: Sequence[Ask] = field(repr=False)
    counted: str = ""

    def requests_per_second(self) -> float:
        """Over `SECONDS`; LoadFailed when any answer was not a 2xx."""
        with TemporaryDirectory(prefix="wrk-") as folder:
            script = Path(folder) / "ask.lua"
            script.write_text(self._script())
            argv = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", "-s", str(script), self.base]
            said = subprocess.run(argv, capture_output=True, text=True, check=True).stdout
        found = re.search(r"Requests/sec:\s+([\d.]+)", said)
        if found is None or "Non-2xx" in said or "Socket errors" in said:
            raise LoadFailed(said)
        return float(found[1])

    def _script(self) -> str:
        asked = ",\n".join(
            f"{{headers = {{{', '.join(f'[{_lua(k)}] = {_lua(v)}' for k, v in ask.headers.items())}}}, "
            f"body = {_lua(ask.body) if ask.body else 'nil'}}}"
            for ask in self.asks
        )
        named = f"local method, path = {_lua(self.method)}, {_lua(self.path)}\n"
        named += f"local counted, seed = {_lua(self.counted)}, {_lua(f'{uuid4()}-')}\n"
        return f"{named}local asked = {{\n{asked}\n}}\n{_SCRIPT}"


def _lua(text: str) -> str:
    # JSON's escapes that ASCII text needs are Lua's too, but for the slash's, which json.dumps does not write.
    return json.dumps(text)
