"""Sports services' ear believes only what is signed and of now, and acts on each message once."""

import json
import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from consents.webhooks.signing import headers
from demo.departments.moods import Mood, Moods
from demo.departments.receiver import Receiver

OLD, NEW = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSx"
BODY = json.dumps({"type": "ping", "data": {}}).encode()


@pytest.fixture
def ear() -> Iterator[Receiver]:
    server = Receiver(0, Moods())
    server.keys = [OLD]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def tell(ear: Receiver, *, keys: tuple[str, ...] = (OLD,), age: int = 0, name: str = "m1", **more: str) -> int:
    told = headers(keys, name, int(time.time()) - age, BODY) | {
        key.replace("_", "-"): word for key, word in more.items()
    }
    return httpx2.post(ear.url, content=BODY, headers=told).status_code


def test_a_signed_message_of_now_is_heard(ear: Receiver) -> None:
    assert (tell(ear), tell(ear, age=299, name="m2"), list(ear.heard.messages)) == (200, 200, ["m1", "m2"])


@pytest.mark.parametrize(
    "wrong",
    [
        {"keys": (NEW,)},
        {"age": 301},
        {"age": -310},
        {"webhook_signature": "v1,AAAA"},
        {"webhook_signature": ""},
        {"webhook_timestamp": "today"},
        {"webhook_id": "m2"},
    ],
)
def test_anything_else_is_not(wrong: dict[str, Any], ear: Receiver) -> None:
    assert (tell(ear, **wrong), ear.heard.messages, ear.heard.refused) == (401, {}, 1)


def test_a_replay_is_taken_and_changes_nothing(ear: Receiver) -> None:
    acted: list[dict[str, Any]] = []
    ear.act = acted.append
    assert [tell(ear), tell(ear), tell(ear)] == [200, 200, 200]
    time.sleep(0.2)
    assert len(acted) == 1


def test_either_signature_will_do_while_keys_change(ear: Receiver) -> None:
    assert tell(ear, keys=(NEW, OLD)) == 200


def test_its_moods_are_those_of_the_department(ear: Receiver) -> None:
    ear.moods.set("sports", Mood.WRONG)
    assert tell(ear) == 500
    ear.moods.set("sports", Mood.DOWN)
    with pytest.raises(httpx2.RemoteProtocolError):
        tell(ear)
