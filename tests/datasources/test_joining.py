"""From a table to those whose records are in it, over what links tables."""

import pytest

from datasources.rules.joining import LONGEST_WAY, Step, guessed, table_of, together, ways_from

LINKS = [
    ("placement.child_id", "child.id"),
    ("placement.unit_id", "unit.id"),
    ("guardianship.child_id", "child.id"),
    ("guardianship.guardian_id", "guardian.id"),
]
TO_CHILD = Step("child", "placement.child_id", "child.id")


def test_a_child_and_its_guardians_are_found_from_a_placement() -> None:
    ways = ways_from("placement", LINKS)
    assert ways["placement"] == [()]
    assert ways["child"] == [(TO_CHILD,)]
    assert ways["guardian"] == [
        (
            TO_CHILD,
            Step("guardianship", "child.id", "guardianship.child_id"),
            Step("guardian", "guardianship.guardian_id", "guardian.id"),
        )
    ]


def test_two_links_to_one_table_are_two_ways() -> None:
    links = [("child.mother_id", "person.id"), ("child.father_id", "person.id")]
    assert [way[0].left for way in ways_from("child", links)["person"]] == ["child.mother_id", "child.father_id"]


def test_a_way_comes_to_no_table_twice_and_ends() -> None:
    links = [(f"t{n}.next", f"t{n + 1}.id") for n in range(20)] + [("t3.next", "t0.id")]
    ways = [way for each in ways_from("t0", links).values() for way in each]
    assert max(map(len, ways)) == LONGEST_WAY
    assert all(len({step.table for step in way}) == len(way) for way in ways)


def test_many_tables_that_all_link_to_each_other_are_looked_at_within_bounds() -> None:
    links = [(f"t{n}.to_{m}", f"t{m}.id") for n in range(40) for m in range(40) if n != m]
    assert set(ways_from("t0", links)) == {f"t{n}" for n in range(40)}


@pytest.mark.parametrize(
    ("columns", "links"),
    [
        (
            {"loan_view": ["loan_view.customer_id"], "customer": ["customer.id", "customer.code"]},
            [("loan_view.customer_id", "customer.id")],
        ),
        (
            {"a": ["a.customer_id"], "city.customers": ["city.customers.customer_id"]},
            [("a.customer_id", "city.customers.customer_id")],
        ),
        ({"a": ["a.customer_id"], "customer": ["customer.code"]}, []),
        ({"customer": ["customer.customer_id", "customer.id"]}, []),
        ({"a": ["a.paid"], "paid": ["paid.id"]}, []),
    ],
)
def test_links_that_no_key_tells_are_guessed_by_name(
    columns: dict[str, list[str]], links: list[tuple[str, str]]
) -> None:
    assert guessed(columns) == links


def test_ways_that_agree_are_taken_together() -> None:
    to_unit = Step("unit", "placement.unit_id", "unit.id")
    assert together((TO_CHILD,), (to_unit,), (TO_CHILD,)) == [TO_CHILD, to_unit]
    assert together((TO_CHILD,), (Step("child", "placement.other_id", "child.id"),)) is None
    assert together((), ()) == []


def test_a_column_knows_its_table() -> None:
    assert [table_of(name) for name in ("child.id", "city.child.id")] == ["child", "city.child"]
