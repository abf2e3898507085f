"""A source is read ahead, PostgreSQL over two connections: the same people, once each, at one moment."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import psycopg
import pytest

from datasources.connectors.ahead import read_ahead
from datasources.connectors.sql.connector import SqlConnector
from datasources.errors import Garbled
from datasources.protocol import Holding, Limits
from tests.datasources.conftest import City, source

CONTACTS = "early-education-contacts"


def connector(city: City, **settings: object) -> SqlConnector:
    told = source("early-education")
    reach = city.departments.sources["early-education"]
    return SqlConnector(reach["settings"] | settings, reach.get("secrets", {}), told.mapping, Limits())


def people(holdings: list[Holding]) -> list[tuple[str, bytes]]:
    return sorted((holding.key, holding.body) for holding in holdings)


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("dataset", [CONTACTS, "early-education-attendance"])
def test_both_halves_together_are_everyone(dataset: str, city: City) -> None:
    with closing(connector(city)) as open_one:
        whole = list(open_one.everyone(dataset))
        with open_one.parts(dataset) as parts:
            halves = [list(part) for part in parts]
    assert len(halves) == 2
    assert all(halves)
    assert people([holding for half in halves for holding in half]) == people(whole)


@pytest.mark.usefixtures("catalogue")
def test_a_server_that_is_to_be_spared_is_read_over_one_connection(city: City) -> None:
    with closing(connector(city, side_by_side=False)) as open_one, open_one.parts(CONTACTS) as parts:
        assert len(parts) == 1


def _one_way(body: bytes) -> bytes:
    """A moment in UTC is written in two ways."""
    return body.replace(b'Z"', b'+00:00"')


@pytest.mark.usefixtures("catalogue")
@pytest.mark.parametrize("dataset", [CONTACTS, "early-education-attendance"])
def test_plain_rows_tell_the_same_as_rows_put_together_by_the_server(dataset: str, city: City) -> None:
    told = []
    for plain in (False, True):
        with closing(connector(city, plain_rows=plain)) as open_one, open_one.parts(dataset) as parts:
            read = [holding for part in parts for holding in part]
            (asked,) = open_one.one(dataset, read[0].key)
            assert asked.body == read[0].body
            bodies = {holding.key: (holding.row_count, json.loads(_one_way(holding.body))) for holding in read}
            assert len(bodies) == len(read)
            told.append(bodies)
    assert len(told[0]) > 1
    assert told[0] == told[1]


@pytest.mark.usefixtures("catalogue")
def test_whoever_reads_keeps_their_own_faults(city: City) -> None:
    with (
        closing(connector(city)) as open_one,
        pytest.raises(psycopg.errors.DivisionByZero),
        open_one.parts(CONTACTS),
    ):
        city.early_education.execute("SELECT 1 / 0")


@pytest.mark.usefixtures("catalogue")
def test_halves_see_the_same_moment(city: City) -> None:
    database = city.early_education
    with closing(connector(city)) as open_one, open_one.parts(CONTACTS) as parts:
        first = list(parts[0])
        # Between the readings somebody gets another identity code, of the other half.
        rename = "UPDATE guardian SET social_security_number = %s WHERE social_security_number = %s"
        database.execute(rename, ["31 of another half", first[0].key])
        try:
            second = list(parts[1])
        finally:
            database.execute(rename, [first[0].key, "31 of another half"])
    keys = [holding.key for holding in first + second]
    (count,) = database.execute("SELECT count(*) FROM guardian").fetchone() or (0,)
    assert len(keys) == len(set(keys)) == count


def numbers(count: int) -> Iterator[Holding]:
    for number in range(count):
        yield Holding(str(number), b"x" * 2000, 1)


def failing(after: int) -> Iterator[Holding]:
    yield from numbers(after)
    raise Garbled("The answer cannot be read.")


def test_everything_is_handed_over() -> None:
    with read_ahead([numbers(3000), numbers(17), numbers(0)]) as ahead:
        assert sum(1 for _ in ahead) == 3017


def test_what_goes_wrong_in_a_part_is_told() -> None:
    with pytest.raises(Garbled), read_ahead([numbers(3000), failing(1200)]) as ahead:
        list(ahead)


def test_whoever_leaves_early_leaves_no_reader_behind() -> None:
    began = time.monotonic()
    endless = numbers(10**9)
    with read_ahead([endless]) as ahead:
        next(ahead)
    assert not [thread for thread in threading.enumerate() if thread.name == "read-ahead"]
    # The reading itself was closed: its connection is free again.
    assert next(endless, None) is None
    assert time.monotonic() - began < 30


def test_no_more_than_a_few_megabytes_are_read_ahead() -> None:
    taken = 0

    def counted() -> Iterator[Holding]:
        nonlocal taken
        for holding in numbers(100_000):
            taken += 1
            yield holding

    with read_ahead([counted()]) as ahead:
        next(ahead)
        time.sleep(0.2)
        assert taken * 2000 < 16 << 20
