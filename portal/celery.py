"""Celery, and nothing else."""

import gc
import os
from typing import Any

from celery import Celery
from celery.signals import worker_init
from kombu.transport import TRANSPORT_ALIASES
from kombu.transport import redis as broker
from redis.exceptions import ConnectionError as Lost

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class _Channel(broker.Channel):
    """One that says so when its connection was given up.

    kombu raises AttributeError then, which nobody expects: a worker with a job in hand while Redis goes away ended
    by it ("Unrecoverable error") instead of coming back.
    """

    def _connparams(self, asynchronous: bool = False) -> Any:  # noqa: FBT001, FBT002 - as in kombu
        if self.connection is None or self.connection.client is None:
            raise Lost("This connection was given up.")
        return super()._connparams(asynchronous=asynchronous)  # type: ignore[misc]


class Transport(broker.Transport):
    """Redis, as every process of ours speaks to it."""

    Channel = _Channel


TRANSPORT_ALIASES["redis"] = "portal.celery:Transport"

app = Celery("portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@worker_init.connect(dispatch_uid="celery.freeze_what_was_loaded")
def freeze_what_was_loaded(**_: object) -> None:
    """What a worker loads stays: to look through it for cycles takes as long as to read a source that has not changed.

    Its children inherit that, and share the memory with it.
    """
    gc.collect()
    gc.freeze()
