"""Several systems asked about one person at once: none waits for another, and few workers wait long for the same."""

import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass

from datasources.actions.reach import is_waited_for, leave, long_place_at, opened, place_at
from datasources.errors import Busy, NothingNew, SourceFault, TooSlow
from datasources.models import Source
from datasources.protocol import Holding, Limits

TIME_LIMIT = 3.0
# Whoever waits longer keeps a worker from others, and needs a place to wait at.
_SOON = 1.0
_LOOKS_AGAIN = (0.02, 0.08)  # seconds
# More than a city has systems; threads are made as they are needed.
_MOST = 64

Answer = dict[str, Sequence[Holding]]
# Who, and what they answered or how they failed.
Came = tuple[Source, Answer | SourceFault]


@dataclass
class _Call:
    """One system: when it is given up, until when it needs no place to wait at, and its places."""

    source: Source
    end: float
    soon: float
    place: int | None = None
    long_place: int | None = None

    @property
    def next_at(self) -> float:
        """When it is to be looked at though it did not answer."""
        return self.end if self.long_place is not None else min(self.soon, self.end)

    def leaves(self) -> None:
        for place in (self.place, self.long_place):
            if place is not None:
                leave(place)
        self.place = self.long_place = None


class Calls:
    """Several systems asked at once, each as soon as it has a place free, and given up at its own time limit.

    `in_no_hurry`: a system that as many wait for as may is not asked, nor waited for. `every` so many seconds an empty
    list comes while somebody is waited for.
    """

    def __init__(self, code: str, *, every: float = float("inf"), in_no_hurry: bool = False) -> None:
        self._code, self._every, self._in_no_hurry = code, every, in_no_hurry
        self._pool = ThreadPoolExecutor(max_workers=_MOST, thread_name_prefix="ask")
        self._waiting: list[_Call] = []
        self._pending: dict[Future[Answer], _Call] = {}

    def add(self, source: Source) -> None:
        """It is asked with the others."""
        now, limit = time.monotonic(), float(source.settings.get("time_limit", TIME_LIMIT))
        self._waiting.append(_Call(source, now + limit, now + _SOON))

    def answers(self) -> Iterator[list[Came]]:
        """Those who came since; at the end no place is held, though whoever reads this left before."""
        heard = time.monotonic()
        try:
            while self._waiting or self._pending:
                for some in (list(self._begin()), list(self._end())):
                    if some:
                        yield some
                if time.monotonic() >= heard + self._every:
                    yield []
                    heard = time.monotonic()
        finally:
            for call in self._pending.values():
                call.leaves()
            # Whoever is late is left behind: its own limits end the thread.
            self._pool.shutdown(wait=False)

    def _begin(self) -> Iterator[Came]:
        for call in list(self._waiting):
            now = time.monotonic()
            crowded = is_waited_for(call.source)
            until = call.end if not crowded else now if self._in_no_hurry else min(call.soon, call.end)
            call.place = place_at(call.source) if now < call.end and not crowded else None
            if call.place is None and now < until:
                continue
            self._waiting.remove(call)
            if call.place is None:
                yield call.source, Busy("As many as may were asking the system. It is asked again later.")
            else:
                self._pending[self._pool.submit(_ask, call.source, self._code, call.end - now)] = call

    def _end(self) -> Iterator[Came]:
        now = time.monotonic()
        ends = [call.next_at - now for call in self._pending.values()]
        if self._waiting:
            # Those who wait for a place look again soon, and not all at the same moment.
            ends.append(random.uniform(*_LOOKS_AGAIN))  # noqa: S311 - no secret
        until = max(0.0, min([*ends, self._every]))
        if not self._pending:
            time.sleep(until if ends else 0.0)
            return
        done, _ = wait(self._pending, timeout=until, return_when=FIRST_COMPLETED)
        for future, call in list(self._pending.items()):
            came = _outcome(future) if future in done else _still(call)
            if came is not None:
                del self._pending[future]
                call.leaves()
                yield call.source, came


def _still(call: _Call) -> SourceFault | None:
    """Why it is not waited for any longer, if it is not."""
    now = time.monotonic()
    if call.end <= now:
        return TooSlow("The system did not answer in time.")
    if call.long_place is None and call.soon <= now:
        call.long_place = long_place_at(call.source)
        if call.long_place is None:
            return Busy("As many as may were asking the system. It is asked again later.")
    return None


def _outcome(future: Future[Answer]) -> Answer | SourceFault:
    try:
        return future.result()
    except SourceFault as fault:
        return fault


def _ask(source: Source, code: str, limit: float) -> Answer:
    """Runs in a thread of its own and never touches our database."""
    answer: Answer = {}
    with opened(source, limits=Limits.within(limit)) as connector:
        for dataset in source.mapping:
            with suppress(NothingNew):
                answer[dataset] = connector.one(dataset, code)
    return answer
