"""A copy of the rulebook's folder, which tests may change."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.conf import LazySettings

from consents.rulebook.actions import adopt
from consents.rulebook.reading import content_of, digest_of
from portal.ledger.actor import system
from portal.walls import Role, scope
from tests.keys.conftest import own_ring

__all__ = ["own_ring"]
AT = datetime(2040, 5, 1, 9, 30, 15, 123456, tzinfo=UTC)
Adopt = Callable[..., bool]


@dataclass(frozen=True)
class Books:
    """The folder of versions, and what can be done to it."""

    folder: Path

    def edit(self, version: str, name: str, old: str, new: str) -> None:
        """One place of one file says something else."""
        path = self.folder / version / name
        text = path.read_text()
        assert old in text, old
        path.write_text(text.replace(old, new, 1))

    def publish(self, *versions: str) -> None:
        """What stands there now is what was published."""
        lines = [f'"{version}" = "{digest_of(content_of(version))}"\n' for version in versions]
        (self.folder / "published.toml").write_text("".join(lines))

    def next(self, version: str = "1.1", *, of: str = "1.0") -> None:
        """A newer version that says just the same."""
        shutil.copytree(self.folder / of, self.folder / version)
        self.edit(version, "rulebook.toml", f'version = "{of}"', f'version = "{version}"')


@pytest.fixture
def books(settings: LazySettings, tmp_path: Path) -> Books:
    folder = tmp_path / "rulebook"
    shutil.copytree(settings.RULEBOOKS, folder)
    settings.RULEBOOKS = folder
    return Books(folder)


@pytest.fixture
def adopting(db: None) -> Adopt:
    """adopting("1.0"): the city adopts it."""

    def done(version: str, *, at: datetime = AT, decision: str = "4711/2040") -> bool:
        with scope(Role.STAFF, departments=["*"]):
            return adopt(version, decision=decision, by=system("tests"), at=at)

    return done
