"""F17, acted out: erase, restore an older backup with its older keys, erase again by the file, and only then open."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from portal.keys.errors import KeyDestroyed
from portal.keys.models import KeyScope
from portal.keys.person_keys import person_key
from portal.requests.erasing.errors import FileAhead, FileBroken
from portal.requests.erasing.ledger_file import copy_out, file_here, lines_of, refuse_when_behind
from portal.requests.erasing.models import Erased
from portal.walls import Role, scope
from tests.dumps import dump, restored
from tests.requests.erasures import LIBRARY, asked, copied, copies, departments, run
from tests.requests.test_holds import hold
from tests.residents import CODES, arrived


@pytest.fixture
def folder(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ERASURE_FOLDER = tmp_path
    return tmp_path


@pytest.fixture
def people(loaded_city: None, committed_db: str, folder: Path) -> Iterator[dict[str, UUID]]:
    """Three with copies of two registers each."""
    with departments():
        found = {slug: arrived(slug) for slug in ("raili", "otso", "aino")}
        for person in found.values():
            copied(person, "library-card", "sports-courses")
        yield found


def key_of(person: UUID, which: KeyScope = KeyScope.RECORDS) -> bytes:
    with scope(Role.RESIDENT, persons=[person]):
        return person_key(person, which)


@pytest.mark.security("F17")
def test_an_older_backup_is_not_opened_before_it_has_caught_up(
    people: dict[str, UUID], committed_db: str, folder: Path
) -> None:
    # Before anything is erased: data, and keys that open it. What the law holds of Aino is no word or watch of hers.
    hold(people["aino"])
    assert len(key_of(people["aino"], KeyScope.BROUGHT)) == 32
    older = dump(committed_db)
    run(asked(people["raili"]))
    run(asked(people["otso"], LIBRARY))
    run(asked(people["aino"]))
    assert copy_out() is True
    refuse_when_behind()
    with restored(older):
        assert (len(key_of(people["raili"])), len(copies(people["raili"]))) == (32, 2)
        with pytest.raises(FileAhead):
            refuse_when_behind()
        # Nor does it write its own state over what it does not know.
        with pytest.raises(FileAhead):
            copy_out()
        call_command("replay_erasures", str(file_here()), verbosity=0)
        refuse_when_behind()
        with pytest.raises(KeyDestroyed):
            key_of(people["raili"])
        with pytest.raises(KeyDestroyed):
            key_of(people["aino"], KeyScope.BROUGHT)
        told = {slug: copies(person) for slug, person in people.items()}
        assert told == {"raili": set(), "otso": {"sports-courses"}, "aino": {"library-card", "sports-courses"}}
        copied(people["raili"], "library-card")
        copied(people["otso"], "library-card")
        assert (copies(people["raili"]), copies(people["otso"])) == (set(), {"sports-courses"})
        # A second time there is nothing left to do.
        call_command("replay_erasures", str(file_here()), verbosity=0)
        with scope(Role.WORKER):
            assert Erased.objects.count() == 3


def test_whoever_came_after_the_backup_is_no_obstacle(people: dict[str, UUID], committed_db: str) -> None:
    older = dump(committed_db)
    late = arrived("mikael")
    copied(late, "library-card")
    run(asked(late))
    copy_out()
    with restored(older):
        call_command("replay_erasures", str(file_here()), verbosity=0)
        refuse_when_behind()


@pytest.mark.security("F17")
def test_a_file_that_was_changed_is_refused_and_nothing_opens(people: dict[str, UUID], folder: Path) -> None:
    run(asked(people["raili"]))
    copy_out()
    path = folder / "erasures"
    path.write_bytes(path.read_bytes().replace(b"[]", b'["library-card"]'))
    for verb in (lambda: lines_of(path), refuse_when_behind, copy_out):
        with pytest.raises(FileBroken):
            verb()
    with pytest.raises(CommandError, match="not as the portal signed it"):
        call_command("replay_erasures", str(path), verbosity=0)


def test_the_file_tells_who_and_when_and_nothing_of_them(people: dict[str, UUID], folder: Path) -> None:
    run(asked(people["raili"]))
    copy_out()
    text = (folder / "erasures").read_text()
    [line] = text.splitlines()[1:]
    assert set(json.loads(line)) == {"id", "person", "at", "datasets", "until_sign_in"}
    assert not any(code in text for code in CODES.values())
    before = (folder / "erasures").stat().st_mtime_ns
    assert (copy_out(), (folder / "erasures").stat().st_mtime_ns) == (True, before)


def test_where_no_folder_is_set_nothing_is_written_and_all_opens(settings: LazySettings) -> None:
    settings.ERASURE_FOLDER = None
    assert copy_out() is True
    refuse_when_behind()


def begins(folder: Path) -> str:
    """What a web process says that begins here; nothing where it does."""
    settings = {**os.environ, "ERASURE_FOLDER": str(folder)}
    root = Path(__file__).parents[2]
    argv = [sys.executable, "-c", "import portal.wsgi"]
    return subprocess.run(argv, env=settings, cwd=root, capture_output=True, text=True, check=False).stderr


@pytest.mark.security("F17")
def test_a_web_process_does_not_begin_on_a_database_that_is_behind(
    people: dict[str, UUID], committed_db: str, folder: Path
) -> None:
    older = dump(committed_db)
    run(asked(people["raili"]))
    copy_out()
    assert "FileAhead" not in begins(folder)
    with restored(older):
        assert "FileAhead" in begins(folder)
