"""Each of the packages that are made to be refused is brought, and nothing of it is stored anywhere."""

from pathlib import Path
from uuid import UUID

from datasources.transfers.arriving import spool
from datasources.transfers.arriving.checking import check_arrival
from datasources.transfers.arriving.sealing import new_arrival
from datasources.transfers.arriving.taking import take_in
from datasources.transfers.models import Arrival, Item
from datasources.transfers.package.reasons import Reason
from portal.ledger.actor import resident
from portal.walls import Role, scope
from tests.arriving.bringing_packages import WORKER
from tests.residents import enter
from tests.transfers.cities import KeyServer
from tests.transfers.made import CODE, NOW
from tests.transfers.test_package_refused import CASES


def came_of(content: bytes, person: UUID) -> tuple[str, str, object]:
    arrival, key = new_arrival(), spool.new_key()
    file = spool.Spooled(arrival, key)
    file.write(content)
    file.close()
    with scope(Role.RESIDENT, persons=[person]):
        take_in(arrival, key, size=file.size, person=person, by=resident(person), at=NOW)
    check_arrival(arrival, by=WORKER, at=NOW, now=lambda: NOW)
    with scope(Role.WORKER):
        row = Arrival.objects.get(pk=arrival)
        return row.state, row.fault, row.sealed_report


def test_nothing_of_a_hostile_package_is_stored(city: None, neighbour: type[KeyServer], folder: Path) -> None:
    person = enter("mover", code=CODE).person
    told = {name: came_of(make() or b"-", person) for name, (make, _) in CASES.items()}
    assert len(told) >= 40
    assert {name for name, (state, _, report) in told.items() if (state, report) != ("failed", None)} == set()
    assert {fault for _, fault, _ in told.values()} <= set(Reason)
    with scope(Role.WORKER):
        assert Item.objects.count() == 0
    assert list(folder.iterdir()) == []
