"""A ring that comes by the environment is the same ring, read and never written."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command
from django.core.management.base import CommandError

from portal.keys.errors import KeyMissing
from portal.keys.ring import ring
from portal.keys.ring_file import make_ring


@pytest.fixture
def told(own_ring: Path, settings: LazySettings) -> Iterator[Path]:
    """KEY_RING holds what the file held; the file is gone."""
    settings.KEY_RING = own_ring.read_text()
    yield own_ring
    assert own_ring.with_name("keys.json.new").exists() is False


def test_the_same_keys_are_read(own_ring: Path, settings: LazySettings) -> None:
    before = ring()
    settings.KEY_RING = own_ring.read_text()
    own_ring.unlink()
    assert ring() == before


@pytest.mark.parametrize("content", ["{", "[]", '{"secrets": {"wrap": {"1": "c2hvcnQ="}}, "signing": {}}'])
def test_one_that_cannot_be_read_is_refused_without_a_word_of_it(content: str, settings: LazySettings) -> None:
    settings.KEY_RING = content
    with pytest.raises(KeyMissing) as refused:
        ring()
    assert (str(refused.value), refused.value.__cause__) == ("The key ring in KEY_RING cannot be read.", None)


@pytest.mark.parametrize(
    "command", [("make_keys",), ("rotate_signing_key", "receipts"), ("rotate_keys", "wrap")], ids=lambda each: each[0]
)
@pytest.mark.django_db
def test_nothing_writes_it(command: tuple[str, ...], told: Path) -> None:
    before = told.read_bytes()
    with pytest.raises(CommandError, match="changed where it is kept"):
        call_command(*command)
    assert told.read_bytes() == before


def test_a_new_file_is_not_made_beside_it(told: Path, tmp_path: Path) -> None:
    with pytest.raises(Exception, match="changed where it is kept"):
        make_ring(tmp_path / "other.json")
    assert list(tmp_path.glob("other*")) == []
