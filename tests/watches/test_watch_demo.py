"""Made-up exports can be written from the command line, for trying the upload."""

import subprocess
import sys
from pathlib import Path

import pytest

from demo.watches import EXPORTS
from tests.house.sources import ROOT
from tests.watches.reading import taken


def _written(*words: str) -> int:
    return subprocess.run([sys.executable, "-m", "demo.watches", *words], cwd=ROOT, check=False).returncode


@pytest.mark.parametrize("maker", ["apple", "fit"])
def test_an_export_of_a_few_days_is_written(maker: str, tmp_path: Path) -> None:
    file = tmp_path / "export"
    assert _written(maker, str(file), "4") == 0
    assert taken(file.read_bytes()).report.read > 0


def test_an_unknown_maker_is_told_how_to_be_asked(tmp_path: Path) -> None:
    assert (_written("kello", str(tmp_path / "x")), len(EXPORTS)) == (2, 10)
