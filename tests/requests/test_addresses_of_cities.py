"""Where the form of a hand-over may lead, as the content policy reads it from the list of trusted cities."""

from pathlib import Path

import pytest

from portal.env import SettingMissing, env_city_urls
from tests.requests.another_city import OULU_URL, TRUSTED, TURKU_URL


def test_it_names_every_city_of_the_list(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "trusted.toml"
    file.write_text(TRUSTED)
    monkeypatch.setenv("TRUSTED_CITIES_FILE", str(file))
    assert env_city_urls("TRUSTED_CITIES_FILE") == [TURKU_URL, OULU_URL]


def test_without_a_list_it_names_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TRUSTED_CITIES_FILE", raising=False)
    assert env_city_urls("TRUSTED_CITIES_FILE") == []


@pytest.mark.parametrize("written", [None, "not toml", "city = 1", '[[city]]\nslug = "turku"', "[city]\nurl = 1"])
def test_a_list_that_cannot_be_read_stops_the_start(
    written: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "trusted.toml"
    if written is not None:
        file.write_text(written)
    monkeypatch.setenv("TRUSTED_CITIES_FILE", str(file))
    with pytest.raises(SettingMissing, match="cannot be read"):
        env_city_urls("TRUSTED_CITIES_FILE")
