"""Whatever is sent ends in a sentence; nothing is unpacked beyond what is needed, and what could be read is offered."""

import io
import tracemalloc
from pathlib import Path
from time import perf_counter

import pytest
from django.conf import settings
from django.utils import translation

from datasources.wearables.collecting import Collector
from datasources.wearables.formats import read, recognise
from datasources.wearables.points import Apart
from datasources.wearables.texts import APARTS, TROUBLES
from datasources.wearables.troubles import Trouble, Unusable
from demo.watches import EXPORTS
from demo.watches.fit import fit_of
from demo.watches.garmin import packed
from tests.watches.bad_exports import BAD, MEGABYTE, Endless
from tests.watches.reading import DAYS, HERE, points_of, taken, trouble_of

SECONDS = 2
LANGUAGES = [code for code, _ in settings.LANGUAGES]
RUN = next(day.run for day in DAYS if day.run)


@pytest.mark.security("B19", "B20")
@pytest.mark.parametrize("name", BAD)
def test_a_bad_file_is_refused_by_its_kind_and_at_once(name: str) -> None:
    make, trouble = BAD[name]
    content = make()
    began = perf_counter()
    assert trouble_of(content) == trouble
    assert perf_counter() - began < SECONDS


@pytest.mark.security("B20")
@pytest.mark.parametrize("name", [name for name, (_, trouble) in BAD.items() if trouble in {"bomb", "unsafe_names"}])
def test_what_harms_is_refused_already_when_it_is_looked_at(name: str) -> None:
    make, trouble = BAD[name]
    with pytest.raises(Unusable, match=trouble):
        recognise(io.BytesIO(make()))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_has_a_sentence_in_each_language(language: str) -> None:
    assert (set(TROUBLES), set(APARTS)) == (set(Trouble), set(Apart))
    with translation.override(language):
        told = {str(text) for text in [*TROUBLES.values(), *APARTS.values()]}
    with translation.override("en"):
        english = {str(text) for text in [*TROUBLES.values(), *APARTS.values()]}
    assert len(told) == len(Trouble) + len(Apart)
    assert told & english == (english if language == "en" else set())


@pytest.mark.parametrize(
    ("head", "filling"),
    [
        (b'<?xml version="1.0"?><HealthData><Record type="', b"a"),
        (b'<?xml version="1.0"?><HealthData>', b"a"),
        (b'<?xml version="1.0"?><!DOCTYPE HealthData [', b"<!ELEMENT a>"),
        (b'[{"dateTime":"01/02/26 10:00:00","value":"', b"a"),
        (b'[{"dateTime":"01/02/26 10:00:00","value":', b"1"),
        (b'[{"dateTime":"01/02/26 10:00:00","value":[', b"1,"),
        (b"com.samsung.health.sleep,1,1\n", b"a"),
        (b"com.samsung.health.sleep,1,1\nstart_time\n", b"a"),
        (b"PK\x03\x04", b"\0"),
        (b"\x0e\x20\x54\x08\xff\xff\xff\x7f.FIT\0\0", b"\0"),
    ],
)
def test_two_gigabytes_of_one_line_are_left_after_a_few_megabytes(head: bytes, filling: bytes) -> None:
    file = Endless(head, filling, 2048 * MEGABYTE)
    # Of an archive also the end is looked at.
    file.most_read = 0
    tracemalloc.start()
    with pytest.raises(Unusable):
        list(read(file, Collector(HERE)))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert most < 64 * MEGABYTE


def test_a_file_of_more_than_four_gigabytes_is_refused_unread() -> None:
    file = Endless(b"<HealthData>", b" ", 4097 * MEGABYTE)
    with pytest.raises(Unusable, match="too_large"):
        list(read(file, Collector(HERE)))
    assert file.most_read <= MEGABYTE


@pytest.mark.parametrize("tenth", range(1, 10))
@pytest.mark.parametrize("maker", EXPORTS)
def test_of_a_file_that_breaks_off_what_was_read_is_offered(maker: str, tenth: int) -> None:
    whole = EXPORTS[maker](DAYS)
    cut = whole[: len(whole) * tenth // 10]
    trouble = trouble_of(cut)
    if trouble:
        assert trouble in {"damaged", "not_known"}
    else:
        told = taken(cut).report
        assert told.partial
        assert told.read == told.added + sum(told.apart.values()) <= taken(whole).report.read + 1


@pytest.mark.parametrize("maker", ["apple", "fit", "tcx", "gpx", "fitbit", "garmin", "oura"])
def test_of_nine_tenths_most_is_there(maker: str) -> None:
    whole = EXPORTS[maker](DAYS)
    told = taken(whole[: len(whole) * 9 // 10]).report
    assert told.read > taken(whole).report.read // 3


def test_a_wrong_checksum_is_told_and_the_activity_is_read() -> None:
    content = bytearray(fit_of(RUN))
    content[-1] ^= 0xFF
    told = taken(bytes(content)).report
    assert (told.partial, told.read) == (True, RUN.minutes * 60 + 3)


def test_fields_that_an_app_added_are_passed_over() -> None:
    assert taken(fit_of(RUN, developer=True)).figures == taken(fit_of(RUN)).figures


def test_impossible_heart_rates_in_a_watchs_file_are_set_apart() -> None:
    assert taken(fit_of(RUN, beats=10)).report.apart == {Apart.IMPOSSIBLE: RUN.minutes * 60 // 2}


@pytest.mark.parametrize("time", ["", "<time></time>", "<time>eilen</time>"])
def test_a_track_without_times_is_counted_as_such(time: str) -> None:
    track = f'<gpx><trk><trkseg><trkpt lat="60" lon="24">{time}</trkpt></trkseg></trk></gpx>'
    assert taken(track.encode()).report.apart == {Apart.NO_TIME: 1}


def test_an_activity_without_heart_rates_is_still_one() -> None:
    track = (
        '<gpx><trk><type>cycling</type><trkseg><trkpt lat="60" lon="24"><time>2026-05-04T10:00:00Z</time></trkpt>'
        '<trkpt lat="61" lon="24"><time>2026-05-04T11:00:00Z</time></trkpt></trkseg></trk></gpx>'
    )
    found = taken(track.encode()).figures
    # On wheels the distance is none of those on foot.
    assert [(each.measure.value, each.value) for each in found] == [("workout", 60)]


def test_names_in_an_archive_are_told_plainly() -> None:
    odd = "a\N{RIGHT-TO-LEFT OVERRIDE}fdp.exe\n<script>"
    told = taken(packed({odd: "x", "b.json": EXPORTS["oura"](DAYS)})).report
    assert told.not_understood == ("afdp.exe<script>",)


def test_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    points = points_of(packed({"a.zip": EXPORTS["garmin"](DAYS)}))[0]
    assert len(points) > 0
    assert list(tmp_path.iterdir()) == []


def test_an_archive_in_the_form_for_large_ones_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    # So that a small one is written as one of more than 4 gigabytes is.
    monkeypatch.setattr("zipfile.ZIP64_LIMIT", 10)
    content = bytearray(packed({"a.json": EXPORTS["oura"](DAYS)}))
    end = content.rfind(b"PK\x05\x06")
    content[end + 12 : end + 20] = b"\xff" * 8
    assert b"PK\x06\x06" in content
    assert taken(bytes(content)).report.formats == ("Oura",)
