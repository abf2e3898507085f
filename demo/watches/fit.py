"""FIT activities, written byte by byte: https://developer.garmin.com/fit/protocol/."""

import struct
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from demo.watches.life import Day, Run, local
from demo.watches.ways import Step, way

_FROM = datetime(1989, 12, 31, tzinfo=UTC)
_CRC = (0x0000, 0xCC01, 0xD801, 0x1400, 0xF001, 0x3C00, 0x2800, 0xE401,
        0xA001, 0x6C00, 0x7800, 0xB401, 0x5000, 0x9C01, 0x8801, 0x4400)  # fmt: skip
_ENUM, _UINT8, _UINT16, _UINT32 = (0x00, 1, "B"), (0x02, 1, "B"), (0x84, 2, "H"), (0x86, 4, "I")
_SINT32 = (0x85, 4, "i")
_SEMICIRCLES = 2**31 / 180  # of a degree
_RUNNING, _GARMIN, _FENIX = 1, 1, 3113
_DEVELOPER = 0x20
# (message, {field: type}) by local number.
_MESSAGES: dict[int, tuple[int, dict[int, tuple[int, int, str]]]] = {
    0: (0, {0: _ENUM, 1: _UINT16, 2: _UINT16}),  # file_id: type, manufacturer, product
    1: (20, {253: _UINT32, 3: _UINT8, 5: _UINT32}),  # record: timestamp, heart_rate, distance (cm)
    2: (18, {253: _UINT32, 2: _UINT32, 7: _UINT32, 8: _UINT32, 9: _UINT32, 5: _ENUM, 10: _UINT32}),  # session
    3: (34, {253: _UINT32, 5: _UINT32}),  # activity: timestamp, local_timestamp
    4: (20, {253: _UINT32, 3: _UINT8, 5: _UINT32, 0: _SINT32, 1: _SINT32}),  # the same, position_lat, position_long
}


def crc_of(content: bytes) -> int:
    """The checksum of the protocol."""
    crc = 0
    for byte in content:
        for half in (byte & 0xF, byte >> 4):
            crc = ((crc >> 4) & 0x0FFF) ^ _CRC[crc & 0xF] ^ _CRC[half]
    return crc


def since(moment: datetime) -> int:
    """Seconds since the end of 1989."""
    return int((moment - _FROM).total_seconds())


def _definition(number: int, developer: bytes = b"") -> bytes:
    message, fields = _MESSAGES[number]
    head = struct.pack("<BBBHB", 0x40 | number | (_DEVELOPER if developer else 0), 0, 0, message, len(fields))
    return head + b"".join(bytes([field, size, base]) for field, (base, size, _) in fields.items()) + developer


def _data(number: int, *values: int) -> bytes:
    return bytes([number]) + struct.pack("<" + "".join(kind for *_, kind in _MESSAGES[number][1].values()), *values)


def fit_file(body: bytes) -> bytes:
    """With header and checksum."""
    head = struct.pack("<BBHI4s", 14, 0x20, 2132, len(body), b".FIT")
    head += struct.pack("<H", crc_of(head))
    return head + body + struct.pack("<H", crc_of(head + body))


def fit_of(run: Run, *, developer: bool = False, beats: int = 140, places: bool = False) -> bytes:
    """One run, a record each second; with `developer` each has a field that an app of a stranger added.

    With `places` each tells where it was.
    """
    begin, length = since(run.begins_at), run.minutes * 60
    extra = bytes([1, 7, 1, 0]) if developer else b""
    number, where = (4, list(map(_semicircles, way(run, every=1)))) if places else (1, [()] * length)
    parts = [_definition(0), _data(0, 4, _GARMIN, _FENIX), _definition(number, extra)]
    for second in range(length):
        told = (begin + second, beats + second % 20, run.metres * (second + 1) * 100 // length, *where[second])
        parts.append(_data(number, *told) + (b"\x2a" if developer else b""))
    end = begin + length
    session = (end, begin, length * 1000, length * 1000, run.metres * 100, _RUNNING, run.metres // 2)
    offset = local(run.begins_at).utcoffset() or timedelta()
    parts += [_definition(2), _data(2, *session), _definition(3), _data(3, end, end + int(offset.total_seconds()))]
    return fit_file(b"".join(parts))


def _semicircles(step: Step) -> tuple[int, ...]:
    return round(step.latitude * _SEMICIRCLES), round(step.longitude * _SEMICIRCLES)


def fit_activity(days: Sequence[Day]) -> bytes:
    """The first run of the days, with its route."""
    return fit_of(next(day.run for day in days if day.run), places=True)
