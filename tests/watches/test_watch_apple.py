"""What Apple's exports do that XML parsers, and sums, trip over."""

import pytest

from datasources.wearables.points import Apart, Device, Measure
from demo.watches.apple import BY_HAND, DOCTYPE, PHONE, WATCH, apple_export, record, when
from tests.watches.reading import DAYS, points_of, taken

STEPS = "HKQuantityTypeIdentifierStepCount"
DISTANCE = "HKQuantityTypeIdentifierDistanceWalkingRunning"
DAY = DAYS[-1]
SPAN = (DAY.up_at, DAY.walks[0].begins_at)
PLAIN = taken(apple_export(DAYS))


def _xml(body: str, *, doctype: str = DOCTYPE, export: str = "2026-10-01 12:00:00 +0300") -> bytes:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n{doctype}<HealthData locale="fi_FI">\n'
    return f'{head}<ExportDate value="{export}"/>\n{body}</HealthData>\n'.encode()


def test_a_record_tells_its_device_its_time_and_its_distance_from_utc() -> None:
    points, _ = points_of(_xml(record(STEPS, WATCH, "count", SPAN, 12)))
    assert [(each.source, each.device, each.begins_at, each.ends_at, each.value, each.offset) for each in points] == [
        ("Ainon Apple Watch", Device.WATCH, *SPAN, 12, 180)
    ]


@pytest.mark.security("B19")
@pytest.mark.parametrize("doctype", ["", "<!DOCTYPE HealthData>\n", DOCTYPE, "<!-- <HealthData> -->" + DOCTYPE])
def test_the_document_type_is_passed_over_whatever_it_is(doctype: str) -> None:
    points, _ = points_of(_xml(record(STEPS, WATCH, "count", SPAN, 12), doctype=doctype))
    assert [each.value for each in points] == [12]


def test_a_document_type_longer_than_what_is_looked_at_is_passed_over() -> None:
    long = DOCTYPE.replace("]>", "<!ELEMENT X EMPTY>\n" * 10_000 + "]>")
    points, told = points_of(_xml(record(STEPS, WATCH, "count", SPAN, 12), doctype=long))
    assert ([each.value for each in points], told.formats) == ([12], ["Apple Health"])


@pytest.mark.security("B19")
def test_bytes_that_xml_forbids_are_left_out() -> None:
    odd = record(STEPS, PHONE, "count", SPAN, 12).replace("Ainon iPhone", "Aino\x0bn iPho\x00ne")
    points, told = points_of(_xml(odd))
    assert ([each.source for each in points], told.partial) == (["Ainon iPhone"], False)


@pytest.mark.parametrize(
    ("unit", "value", "metres"), [("km", "1.5", 1500), ("mi", "1", 1609.344), ("m", "800", 800), ("ft", "1000", 304.8)]
)
def test_distances_are_metres(unit: str, value: str, metres: float) -> None:
    points, _ = points_of(_xml(record(DISTANCE, WATCH, unit, SPAN, value)))
    assert [each.value for each in points] == [pytest.approx(metres)]


def test_other_quantities_in_other_units_are_no_figures() -> None:
    others = [("ActiveEnergyBurned", "kJ"), ("ActiveEnergyBurned", "kcal"), ("BodyMass", "lb"), ("BodyMass", "kg")]
    body = "".join(record(f"HKQuantityTypeIdentifier{kind}", WATCH, unit, SPAN, 70) for kind, unit in others)
    points, told = points_of(_xml(body + record(STEPS, WATCH, "count", SPAN, 12)))
    assert (len(points), told.apart) == (1, {})


def test_what_was_written_by_hand_is_marked_and_only_that() -> None:
    body = (
        record(STEPS, PHONE, "count", SPAN, 1)
        + record(STEPS, PHONE, "count", SPAN, 2, within=BY_HAND)
        + record("HKQuantityTypeIdentifierBodyMass", PHONE, "kg", SPAN, 70, within=BY_HAND)
        + record(STEPS, PHONE, "count", SPAN, 3)
        + f'<Correlation type="HKCorrelationTypeIdentifierFood" sourceName="x">{BY_HAND}</Correlation>'
    )
    points, _ = points_of(_xml(body))
    assert [(each.value, each.by_hand) for each in points] == [(1, False), (2, True), (3, False)]


def test_a_record_after_the_date_of_the_export_is_set_apart() -> None:
    body = record(STEPS, WATCH, "count", SPAN, 12)
    told = taken(_xml(body, export="2025-01-01 12:00:00 +0200")).report
    assert (told.added, told.apart) == (0, {Apart.AFTER_EXPORT: 1})


def test_the_phones_steps_of_the_same_time_are_not_counted_twice() -> None:
    both = {figure.device for figure in PLAIN.figures if figure.measure is Measure.STEPS}
    assert (both, PLAIN.report.apart) == ({Device.WATCH}, {Apart.OVERLAP: sum(len(day.walks) for day in DAYS)})


@pytest.mark.parametrize(
    ("broken", "why"),
    [
        ({"value": "monta"}, Apart.UNREADABLE),
        ({"unit": "mailia"}, Apart.UNREADABLE),
        ({"startDate": "eilen"}, Apart.UNREADABLE),
        ({"startDate": "2026-05-04 12:00:00"}, Apart.UNREADABLE),
        ({"endDate": "2026-05-04 12:00:00"}, Apart.UNREADABLE),
        ({"startDate": ""}, Apart.NO_TIME),
        ({"value": "NaN"}, Apart.IMPOSSIBLE),
        ({"value": "-4"}, Apart.IMPOSSIBLE),
        ({"value": "1e308", "unit": "km", "type": DISTANCE}, Apart.IMPOSSIBLE),
        ({"endDate": "2100-01-01 12:00:00 +0200"}, Apart.IMPOSSIBLE),
    ],
)
def test_a_row_that_cannot_be_used_is_counted_and_the_others_are_read(broken: dict[str, str], why: Apart) -> None:
    good = record(STEPS, WATCH, "count", SPAN, 12)
    begins, ends = when(SPAN[0]), when(SPAN[1])
    told = {"type": STEPS, "value": "12", "unit": "count", "startDate": begins, "endDate": ends} | broken
    bad = f' <Record sourceName="x" {" ".join(f"{name}={value!r}" for name, value in told.items())}/>\n'
    came = taken(_xml(bad + good))
    assert (came.total(Measure.STEPS), came.report.apart) == (12, {why: 1})


def test_a_row_without_any_time_is_counted_as_such() -> None:
    told = taken(
        _xml(f'<Record type="{STEPS}" sourceName="x" unit="count" value="1"/>' + record(STEPS, WATCH, "count", SPAN, 2))
    )
    assert told.report.apart == {Apart.NO_TIME: 1}


@pytest.mark.security("B24")
def test_names_that_turn_or_hide_text_are_told_plainly() -> None:
    odd = "Aino\N{RIGHT-TO-LEFT OVERRIDE}n \N{ZERO WIDTH SPACE}kello Áánná Ŋ"
    points, _ = points_of(_xml(record(STEPS, WATCH, "count", SPAN, 1).replace(WATCH, odd)))
    assert [each.source for each in points] == ["Ainon kello Áánná Ŋ"]


def test_a_name_of_half_a_megabyte_is_cut() -> None:
    points, _ = points_of(_xml(record(STEPS, WATCH, "count", SPAN, 1).replace(WATCH, "a" * 500_000)))
    assert [each.source for each in points] == ["a" * 100]


def test_thousands_of_names_are_each_told_of_their_own_records() -> None:
    names = [f"{number} {'a' * 600}" for number in range(6000)]
    notes = [BY_HAND if number % 3 else "" for number in range(6000)]
    body = (
        record(STEPS, PHONE, "count", SPAN, number, within=note).replace(PHONE, name)
        for number, (name, note) in enumerate(zip(names, notes, strict=True))
    )
    points, _ = points_of(_xml("".join(body)))
    assert [(each.value, each.source, each.by_hand) for each in points] == [
        (number, name[:100], bool(note)) for number, (name, note) in enumerate(zip(names, notes, strict=True))
    ]


@pytest.mark.security("B24")
def test_half_a_letter_ends_the_reading_and_what_was_before_counts() -> None:
    # One half of a surrogate pair, which UTF-8 has no way to write.
    whole = _xml("".join(record(STEPS, WATCH, "count", SPAN, number) for number in (1, 2, 3)))
    at = whole.rindex(b"Ainon")
    points, told = points_of(whole[:at] + b"\xed\xa0\x80" + whole[at:])
    assert ([each.value for each in points], told.partial) == ([1, 2], True)


@pytest.mark.parametrize(
    ("sign", "values"), [(b"<MetadataEntry", [1]), (b"</Record>", [1]), (b"</HealthData>", [1, 2])]
)
def test_a_record_in_which_the_file_breaks_off_is_left_out(sign: bytes, values: list[int]) -> None:
    # Whether it was written by hand would have been told in it.
    note = '<MetadataEntry key="x" value="y"/>'
    whole = _xml(record(STEPS, WATCH, "count", SPAN, 1) + record(STEPS, WATCH, "count", SPAN, 2, within=note))
    points, told = points_of(whole[: whole.rindex(sign)])
    assert ([each.value for each in points], told.partial) == (values, True)
