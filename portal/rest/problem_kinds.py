"""What can be wrong with a call, in words: each kind has an address of its own that explains it in three languages."""

from dataclasses import dataclass

from django.utils.translation import gettext_noop


@dataclass(frozen=True)
class Kind:
    """`title` says what is wrong and `advice` what to do; both are message ids, translated where they are shown."""

    status: int
    title: str
    advice: str


_KINDS: dict[str, Kind] = {}


class NamedTwice(Exception):
    """Two kinds of problem have one name."""


def kind(slug: str, status: int, title: str, advice: str) -> str:
    """Name a kind of problem, once; for whichever room raises it. Returns the slug. NamedTwice.

    `title` and `advice` stand in the call as `gettext_noop("...")`, so that they reach the catalogues.
    """
    if slug in _KINDS:
        raise NamedTwice(slug)
    _KINDS[slug] = Kind(status, title, advice)
    return slug


def kinds() -> dict[str, Kind]:
    """All kinds, as they were named."""
    return dict(_KINDS)


BAD_REQUEST = kind(
    "bad-request",
    400,
    gettext_noop("The request could not be understood."),
    gettext_noop("“errors” names each place that is wrong. Correct it and send the request again; nothing was done."),
)
BAD_TOKEN = kind(
    "bad-token",
    401,
    gettext_noop("The access token does not hold."),
    gettext_noop(
        "Tokens hold for ten minutes. Get a new one. If that does not help, ask the city whether your system is still "
        "switched on."
    ),
)
NOT_ALLOWED = kind(
    "not-allowed",
    403,
    gettext_noop("This token does not carry the scope that this call needs."),
    gettext_noop("Ask for the scope when you get the token. If your system does not have it, the city can give it."),
)
NOT_FOUND = kind(
    "not-found",
    404,
    gettext_noop("There is nothing here for this client."),
    gettext_noop("Check the name. What belongs to another department is not told apart from what does not exist."),
)
WRONG_METHOD = kind(
    "wrong-method",
    405,
    gettext_noop("This address does not take this method."),
    gettext_noop("The description of the API says which method to use."),
)
TOO_SLOW = kind(
    "too-slow",
    408,
    gettext_noop("The request did not come in time."),
    gettext_noop(
        "Send head and body at once. The connection was closed; nothing was done. Send the request again on a new one."
    ),
)
TOO_LARGE = kind(
    "too-large",
    413,
    gettext_noop("The body is too large."),
    gettext_noop("A body holds 5 MiB at most. Ask in several calls; nothing was done."),
)
WRONG_TYPE = kind(
    "wrong-type",
    415,
    gettext_noop("Send JSON."),
    gettext_noop(
        "Send the body as JSON in UTF-8, with the header Content-Type: application/json, and not packed: without "
        "Content-Encoding."
    ),
)
KEY_MISSING = kind(
    "key-missing",
    400,
    gettext_noop("This call needs the header Idempotency-Key."),
    gettext_noop(
        "Make up a key for each thing that you want done, a UUID for instance, and send the same key when you try "
        "again. A key has 1 to 255 visible ASCII characters."
    ),
)
KEY_REUSED = kind(
    "key-reused",
    422,
    gettext_noop("This key was used for another call."),
    gettext_noop("Send a new Idempotency-Key. The same key stands for the same address and the same body only."),
)
STILL_RUNNING = kind(
    "still-running",
    409,
    gettext_noop("The first call with this key is still running."),
    gettext_noop(
        "Wait for as many seconds as the header Retry-After says, then send the same request again: you get the answer "
        "of the first."
    ),
)
TOO_MANY = kind(
    "too-many",
    429,
    gettext_noop("Too many requests."),
    gettext_noop("Wait for as many seconds as the header Retry-After says, then send the request again."),
)
BROKEN = kind(
    "broken",
    500,
    gettext_noop("The portal could not answer. Nothing was changed."),
    gettext_noop("Try again in a moment. If it goes on, tell the city the number in “instance”."),
)
UNAVAILABLE = kind(
    "unavailable",
    503,
    gettext_noop("The portal cannot answer just now. Nothing was changed."),
    gettext_noop("Wait for as many seconds as the header Retry-After says, then send the same request again."),
)
LOG_NOT_COPIED = kind(
    "log-not-copied",
    503,
    gettext_noop("No data is handed over just now: the seals of the log are not copied out."),
    gettext_noop(
        "The city has been told. Wait for as many seconds as the header Retry-After says, then send the same request "
        "again."
    ),
)
# Of several kinds with one status, what is raised without a name is the first.
OF_STATUS = {each.status: slug for slug, each in reversed(_KINDS.items())}
