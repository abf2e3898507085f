"""What is told of a few records: enough to map them by, nothing to know anyone by; and what is suggested of it."""

import json
from typing import Any

import pytest
from django.utils.translation import override
from hypothesis import given
from hypothesis import strategies as st

from datasources.enums import FieldType
from datasources.forms.mapping_fields import REASONS, kept_reason, told_reason
from datasources.rules.apart import Apart, apart_of, words_of
from datasources.rules.matching import Wanted, fits, format_fits, format_of, suggested
from datasources.rules.offering import Looks, Part, looks_of, seen_in
from demo.people import everyone

CODES = [person.identity_code for person in everyone()]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("guardian.streetAddress", ["street", "address"]),
        ("$.due.date", ["date"]),
        ("$.henkilo['syntymä aika']", ["syntyma", "aika"]),
        ("paikka/nimi", ["nimi"]),
        ("@alkaa", ["alkaa"]),
        ("created_by", ["createdby"]),
        ("APIKey", ["apikey"]),
        ("", []),
    ],
)
def test_a_name_is_taken_apart_into_plain_words(name: str, words: list[str]) -> None:
    assert words_of(name) == words


@pytest.mark.parametrize(
    ("name", "looks", "apart"),
    [
        ("customer.pin_hash", "text", Apart.SECRET),
        ("salasana", "", Apart.SECRET),
        ("lösenord", "", Apart.SECRET),
        ("accessToken", "", Apart.SECRET),
        ("api_key", "", Apart.SECRET),
        ("application.admin_note", "text", Apart.STAFF_TEXT),
        ("muistiinpano", "", Apart.STAFF_TEXT),
        ("lisätiedot", "", Apart.STAFF_TEXT),
        ("anmärkning", "", Apart.STAFF_TEXT),
        ("form", "long_text", Apart.STAFF_TEXT),
        ("huoltaja/nimi", "", Apart.NOTHING),
        ("huoltajan_nimi", "", Apart.NOTHING),
        ("yhteyshenkilö", "", Apart.OTHERS),
        ("vårdnadshavare", "", Apart.OTHERS),
        ("created_by", "", Apart.OTHERS),
        ("spouse.identity_code", "identity_code", Apart.OTHERS),
        ("guardian.restricted_details", "boolean", Apart.PROTECTED),
        ("turvakielto", "", Apart.PROTECTED),
        ("loan.id", "number", Apart.TECHNICAL),
        ("loan.customer_id", "number", Apart.TECHNICAL),
        ("guardian_id", "number", Apart.TECHNICAL),
        ("id", "identity_code", Apart.OTHERS),
        ("updated_at", "moment", Apart.TECHNICAL),
        ("enrolment.course", "text", Apart.NOTHING),
        ("title", "", Apart.NOTHING),
        ("hashtag", "", Apart.NOTHING),
    ],
)
def test_what_is_left_out_unless_it_is_chosen(name: str, looks: str, apart: Apart) -> None:
    assert apart_of(name, looks) is apart


@pytest.mark.parametrize(
    ("values", "looks"),
    [
        ([None, ""], Looks.NOTHING),
        (CODES[:5], Looks.IDENTITY_CODE),
        ([code.lower() + " " for code in CODES[:5]], Looks.IDENTITY_CODE),
        (["2026-09-01", "2026-10-02", None], Looks.DATE),
        (["1.9.2026", "12.10.2026"], Looks.WRITTEN_DATE),
        (["2026-09-01T10:00:00+03:00", "2026-09-01 10:00:00"], Looks.MOMENT),
        (["1.9.2026 14.30", "1.9.2026 klo 14:30"], Looks.WRITTEN_MOMENT),
        ([True, False], Looks.BOOLEAN),
        (["kyllä", "ei", "ei"], Looks.BOOLEAN),
        (["45,00", "1 245,50"], Looks.EUROS),
        ([1, 2.5, "3"], Looks.NUMBER),
        ([["a"], {"b": 1}], Looks.PARTS),
        (["A long sentence that somebody wrote about a visit, and then a little more of it."], Looks.LONG_TEXT),
        (["Vesijumppa", "Jooga"], Looks.TEXT),
        (["2026-09-01"] * 7 + ["soon"] * 3, Looks.TEXT),
    ],
)
def test_what_most_values_look_like(values: list[Any], looks: Looks) -> None:
    assert looks_of(values) is looks


def records(people: int, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"hetu": CODES[n % len(CODES)] if n < len(CODES) else f"{n}"} | rows[n % len(rows)] for n in range(people)]


def told(found: list[Part], name: str) -> Part:
    return next(part for part in found if part["name"] == name)


def test_codes_that_several_people_share_are_told_and_nothing_else_is() -> None:
    assert len(CODES) >= 30
    rows = [{"state": state, "name": f"Name{n}", "city": "Espoo"} for n, state in enumerate(["OPEN", "CLOSED", "OPEN"])]
    found = seen_in(dict.fromkeys(("hetu", "state", "name", "city"), ""), records(30, *rows))
    assert (found.key, found.people) == ("hetu", 30)
    assert told(found.parts, "state")["codes"] == ["CLOSED", "OPEN"]
    assert told(found.parts, "hetu")["apart"] == Apart.WHOSE
    assert told(found.parts, "hetu")["codes"] == []


@pytest.mark.parametrize(
    ("rows", "name"),
    [
        # Held by too few people, too many of them, or by the same person again and again.
        ([{"state": f"S{n}"} for n in range(30)], "state"),
        ([{"state": "ONLY"}] + [{"state": None}] * 29, "state"),
        # What a person could be known by.
        ([{"phone": "0401234567"}], "phone"),
        ([{"email": "a@example.org"}], "email"),
        ([{"name": "Aino Mallila"}], "name"),
        ([{"note": "GONE"}], "note"),
        ([{"pin": "1234"}], "pin"),
        ([{"day": "2026-09-01"}], "day"),
    ],
)
def test_no_value_is_told_that_somebody_could_be_known_by(rows: list[dict[str, Any]], name: str) -> None:
    found = seen_in({"hetu": "", name: ""}, records(30, *rows))
    assert told(found.parts, name)["codes"] == []


def test_without_whose_they_are_no_codes_are_told() -> None:
    found = seen_in({"state": ""}, [{"state": "OPEN"}] * 100)
    assert (found.key, found.people, found.parts[0]["codes"]) == ("", 0, [])


@given(st.lists(st.dictionaries(st.sampled_from(["a", "b"]), st.text(max_size=40)), max_size=20))
def test_of_a_few_people_no_letter_is_told(records: list[dict[str, str]]) -> None:
    found = seen_in({"a": "", "b": ""}, records)
    signs = {sign for part in found.parts for shape in part["shapes"] for sign in shape if sign.isalnum()}
    assert signs <= {"x", "9"}
    assert all(code not in json.dumps(found.parts) for code in CODES)


def part(name: str, looks: str = "text", apart: str = "") -> Part:
    return Part(name=name, type="", looks=looks, apart=apart, shapes=[], codes=[])


@pytest.mark.parametrize(
    ("field", "parts", "expected"),
    [
        (Wanted("course", ("Kurssi", "Kurs", "Course"), FieldType.TEXT), [part("KURSSI"), part("x")], "KURSSI"),
        (Wanted("starts_on", ("Alkaa", "Börjar", "Starts"), FieldType.DATE), [part("startsOn", "date")], "startsOn"),
        (Wanted("due_on", ("Eräpäivä", "", "Due"), FieldType.DATE), [part("erapaiva", "date")], "erapaiva"),
        (Wanted("number", ("Numero",), FieldType.NUMBER), [part("t.number", "number")], "t.number"),
        # The likelier one of two, by what its values look like.
        (
            Wanted("paid_on", ("Maksettu",), FieldType.DATE),
            [part("maksettu", "boolean"), part("paid_on", "date")],
            "paid_on",
        ),
        # Never what is left out for a reason; the system's own key only by its very name.
        (Wanted("note", ("Huomautus",), FieldType.TEXT), [part("note", apart="staff_text")], None),
        (Wanted("pin", ("PIN",), FieldType.TEXT), [part("pin", apart="secret")], None),
        (Wanted("number", ("Numero",), FieldType.NUMBER), [part("t.id", "number", "technical")], None),
        (Wanted("course", ("Kurssi",), FieldType.TEXT), [part("teacher_room")], None),
    ],
)
def test_the_likely_part_of_a_field(field: Wanted, parts: list[Part], expected: str | None) -> None:
    assert suggested([field], parts).get(field.slug) == expected


def test_a_part_is_suggested_for_one_field_only() -> None:
    fields = [Wanted("starts_on", ("Alkaa",), FieldType.DATE), Wanted("starts", ("Alkaa",), FieldType.DATE)]
    assert suggested(fields, [part("starts_on", "date")]) == {"starts_on": "starts_on"}


@pytest.mark.parametrize(
    ("kind", "looks", "does"),
    [
        (FieldType.DATE, "date", True),
        (FieldType.DATE, "moment", True),
        (FieldType.DATE, "text", False),
        (FieldType.MONEY, "number", True),
        (FieldType.CODE, "number", True),
        (FieldType.NUMBER, "text", False),
        (FieldType.TEXT, "long_text", True),
        (FieldType.MOMENT, "nothing", True),
    ],
)
def test_what_a_value_can_be_read_as(kind: FieldType, looks: str, does: bool) -> None:
    assert fits(kind, looks) is does


def test_how_files_write_values_is_found_out() -> None:
    assert [format_of(look) for look in ("euros", "written_date", "written_moment", "date")] == [
        "euros",
        "date",
        "moment",
        "",
    ]
    looks = {"hinta": "euros", "tyhja": "nothing"}
    assert [format_fits(form, looks, name) for form, name in (("euros", "hinta"), ("date", "hinta"))] == [True, False]
    assert format_fits("date", looks, "tyhja")
    assert format_fits("", looks, "hinta")


@pytest.mark.parametrize("kind", list(REASONS))
def test_a_reason_is_kept_as_its_kind_and_told_in_the_language_of_whoever_looks(kind: str) -> None:
    said = {}
    for language in ("fi", "sv", "en"):
        with override(language):
            said[language] = told_reason(kind)
    assert len(set(said.values())) == 3
    assert {kept_reason(words) for words in said.values()} == {str(kind)}


def test_a_reason_in_ones_own_words_stays_so() -> None:
    assert kept_reason("the museum asked for it") == told_reason("the museum asked for it") == "the museum asked for it"
