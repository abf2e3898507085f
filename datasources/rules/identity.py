"""Whether what a source says about a person fits the code beside it."""

from datetime import date, datetime

# Century signs after the reform of 2023 (Government decree 690/2022).
_CENTURIES = {"+": 1800} | dict.fromkeys("-YXWVU", 1900) | dict.fromkeys("ABCDEF", 2000)


def born_by(code: str) -> date:
    """The birth date inside an identity code; ValueError when it has none."""
    normal = code.strip().upper()
    if len(normal) < len("ddmmyyC") or normal[6] not in _CENTURIES:
        raise ValueError("not an identity code")
    return date(_CENTURIES[normal[6]] + int(normal[4:6]), int(normal[2:4]), int(normal[:2]))


def agrees(code: str, born: str) -> bool:
    """The birth date (ISO or d.m.yyyy) is the one inside the code; what cannot be read does not agree."""
    try:
        told = datetime.strptime(born, "%d.%m.%Y").date() if "." in born else date.fromisoformat(born)  # noqa: DTZ007
        return told == born_by(code)
    except ValueError:
        return False
