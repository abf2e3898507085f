"""Cities that only tests know: Helsinki's folder of facts, and Oulu's as the page about adding a city has it."""

import re
import shutil
from pathlib import Path

from tests.web import ROOT

DOC = ROOT / "docs" / "adding-a-city.md"
_HELSINKI = Path(__file__).parent / "facts" / "helsinki"
_EXAMPLE = re.compile(r"^```toml\n# (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^python manage\.py (.+)$", re.MULTILINE)
# What names each city, whatever its case and language.
NAMING = {
    "espoo": re.compile(r"\b(espoo|espoon|esbo)", re.IGNORECASE),
    "turku": re.compile(r"\b(turku|turun|turussa|turusta|åbo)\b", re.IGNORECASE),
    "oulu": re.compile(r"\b(oulu|uleåborg)", re.IGNORECASE),
    "helsinki": re.compile(r"\b(helsinki|helsing)", re.IGNORECASE),
}


def folder_of_cities(where: Path) -> Path:
    """Both, in one folder, as `CITY_FOLDERS` names it."""
    for name, text in examples().items():
        path = where / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(_HELSINKI, where / "helsinki")
    return where


def examples() -> dict[str, str]:
    """{file: its text} of the page."""
    return dict(_EXAMPLE.findall(DOC.read_text()))


def commands() -> list[list[str]]:
    """The words of manage.py's commands on the page, in order."""
    return [line.split() for line in _COMMAND.findall(DOC.read_text())]
