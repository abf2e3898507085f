"""Every operation of the API as its own description tells it: what it takes and what it must refuse."""

import json
import re
from typing import Any

import schemathesis
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS
from schemathesis.core.result import Ok

from tests.proof.fuzzing.driving import drive

# All there are, but these: a purpose that is well-formed need not exist, nor a code be somebody's; and the two that
# follow a thing from its making to its end need links that the description does not have (tests/rest tries those).
_LEFT_OUT = {"positive_data_acceptance", "use_after_free", "ensure_resource_availability"}
# Of lines the bad ones are told in an answer of 200.
_OF_LINES = _LEFT_OUT | {"negative_data_rejection"}
_LINES = "application/x-ndjson"
LIKE_A_CODE = re.compile(r"(?<![0-9A-Za-z-])\d{6}[-+A-FU-Y]\d{3}[0-9A-Y](?![0-9A-Za-z-])")


@schemathesis.serializer(_LINES)
def one_line(_: Any, value: Any) -> bytes:
    """The body as a push of one line."""
    return value if isinstance(value, bytes) else json.dumps(value).encode() + b"\n"


def _checks(but: set[str]) -> list[Any]:
    return [CHECKS.get_one(name) for name in CHECKS.get_all_names() if name not in but]


def hold_all(base: str, token: dict[str, str], *, count: int, number: int) -> int:
    """`count` good and as many bad examples of each operation; how many in all. AssertionError at the first fault."""
    description = schemathesis.openapi.from_url(f"{base}/api/v1/openapi.json")
    tried = 0
    for found in description.get_all_operations():
        assert isinstance(found, Ok), "the description cannot be read"
        operation = found.ok()
        checks = _checks(_OF_LINES if _LINES in operation.get_request_payload_content_types() else _LEFT_OUT)

        def hold_one(case: Case[Any]) -> None:
            answer = case.call(headers=token)
            case.validate_response(answer, checks=checks, headers=token)  # noqa: B023 - called within the turn
            assert not LIKE_A_CODE.search(answer.text), "an identity code stands in the answer"

        # Of what takes nothing no bad example can be made.
        takes = operation.definition.raw
        bad = [GenerationMode.NEGATIVE] if takes["parameters"] or "requestBody" in takes else []
        for mode in (GenerationMode.POSITIVE, *bad):
            cases: Any = operation.as_strategy(generation_mode=mode)
            tried += drive(f"{operation.label} {mode.value}", cases, hold_one, count=count, number=number)
    return tried
