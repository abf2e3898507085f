"""Two people at once: an entry becomes automated while a consent names it."""

from threading import Barrier, Thread
from typing import Any

from django.db import DatabaseError, connections

from consents.algorithms.models import Naming
from consents.algorithms.publishing.drafting import publish
from consents.manuscripts.faults import PublishingFault
from consents.models import Purpose
from tests.algorithms.entries import approved, begun, written
from tests.consents.conftest import AT, KEEPER, staff


def test_of_two_at_once_the_later_sees_the_earlier(loaded_city: None, committed_db: str) -> None:
    row = approved(written(begun(), deciding="automated", deployed_by="12 §, 3.6.2026"))
    with staff():
        purpose = Purpose.objects.get(slug="swimming-reminders")
    start, told = Barrier(2), list[str]()

    def tried(act: Any) -> None:
        try:
            start.wait(10)
            with staff():
                act()
            told.append("done")
        except (DatabaseError, PublishingFault) as fault:
            told.append(type(fault).__name__)
        finally:
            connections.close_all()

    acts = (
        lambda: publish(row.pk, by=KEEPER, at=AT),
        lambda: Naming.objects.create(purpose=purpose, algorithm_id=row.algorithm_id, named_at=AT),
    )
    threads = [Thread(target=tried, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert (len(told), told.count("done")) == (2, 1)
