"""A department's receiver of webhooks, tried: what it must believe, and what it must not."""

from dataclasses import dataclass
from uuid import uuid4

import msgspec

from consents.rules.delivering import flaw_of_address
from consents.webhooks.posting import Outcome, Post
from consents.webhooks.signing import headers, key_of, new_secret
from datasources.conformance.findings import Findings

_OLDEST = 300
_TAKEN, _REFUSED = "2xx", "401"


@dataclass(frozen=True)
class _Trial:
    """`keys` sign it; `age` in seconds; `wanted`: the answer that is expected."""

    what: str
    keys: tuple[str, ...]
    wanted: str
    why: str
    name: str
    age: int = 0
    type: str = "ping"


def try_webhook(url: str, secret: str, *, now: int) -> Findings:
    """Seven messages, none of which is about anybody. `now`: seconds since 1970. NotASecret."""
    key_of(secret)
    found = Findings()
    if flaw := flaw_of_address(url):
        found.weigh("", holds=False, otherwise=f"The portal does not send to this address. {flaw}")
        return found
    post = Post()
    try:
        for trial in _trials(secret):
            body = msgspec.json.encode({"type": trial.type, "timestamp": "2026-01-01T00:00:00Z", "data": {}})
            stamp = now - trial.age
            outcome = post.send(url, headers(trial.keys, trial.name, stamp, body), body)
            _weigh(found, trial, outcome)
    finally:
        post.close()
    found.note("Whether a replay had an effect is seen only on your side: a message counts once for each webhook-id.")
    return found


def _trials(secret: str) -> list[_Trial]:
    once, strange = f"try_{uuid4()}", new_secret()

    def fresh() -> str:
        return f"try_{uuid4()}"

    return [
        _Trial("A ping", (secret,), _TAKEN, "It is signed by the secret, and of now.", once),
        _Trial("A badly signed message", (strange,), _REFUSED, "Somebody else signed it.", fresh()),
        _Trial(
            "A message 301 seconds old", (secret,), _REFUSED, "It is older than five minutes.", fresh(), _OLDEST + 1
        ),
        _Trial("A message 301 seconds ahead", (secret,), _REFUSED, "It is not of now.", fresh(), -_OLDEST - 1),
        _Trial("The ping once more", (secret,), _TAKEN, "A replay is taken, and changes nothing.", once),
        _Trial("A message with two signatures", (strange, secret), _TAKEN, "One of them holds: keys change.", fresh()),
        _Trial("A message of a new kind", (secret,), _TAKEN, "Kinds are added.", fresh(), type="consent.of_a_new_kind"),
    ]


def _weigh(found: Findings, trial: _Trial, outcome: Outcome) -> None:
    got = f"HTTP {outcome.status}" if outcome.status is not None else f"no answer ({outcome.fault})"
    holds = not outcome.fault if trial.wanted == _TAKEN else str(outcome.status) == _REFUSED
    found.weigh(
        f"{trial.what} is answered by {got}.",
        holds=holds,
        otherwise=f"{trial.what} is answered by {got}; {trial.wanted} was expected. {trial.why}",
    )
