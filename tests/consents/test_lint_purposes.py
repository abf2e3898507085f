"""The lint as CI runs it."""

from io import StringIO
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from portal.walls import Role, scope
from tests.residents import PURPOSES


def _run(**options: object) -> tuple[int, list[str]]:
    said = StringIO()
    try:
        call_command("lint_purposes", stdout=said, **options)
    except SystemExit as left:
        return int(str(left.code)), said.getvalue().splitlines()
    return 0, said.getvalue().splitlines()


def test_the_catalogue_passes_without_a_database() -> None:
    """A test without `db` may not reach one; `make check` does the same where there is none."""
    code, lines = _run(files_only=True)
    assert (code, lines[-1].endswith(", 0 with something to mend.")) == (0, True)


def test_a_fault_in_a_file_is_told_with_its_place(tmp_path: Path) -> None:
    city = tmp_path / "espoo"
    city.mkdir()
    said = PURPOSES.read_text().replace("Du betalar så mycket som lagen säger.", "Du ska erhålla en räkning.")
    # A fee rests on law, and no law asks for marketing.
    said = said.replace('slug = "early-education-fee"', 'slug = "early-education-fee"\ndirect_marketing = true', 1)
    city.joinpath("purposes.toml").write_text(said)
    code, lines = _run(folder=tmp_path, files_only=True)
    assert code == 1
    assert lines[0].startswith("espoo/early-education-fee sv benefit: hard_word: ")
    assert lines[1].startswith("espoo/early-education-fee: marketing_by_law: ")


def test_what_is_in_the_database_is_linted_too(loaded_city: None, db: None) -> None:
    linted = ("purpose", "algorithm")
    files = [(path, f"[[{kind}]]") for kind in linted for path in PURPOSES.parent.parent.glob(f"*/{kind}s.toml")]
    here = [(path, mark) for path, mark in files if path.parent == PURPOSES.parent]
    texts = sum(path.read_text().count(mark) for path, mark in files + here)
    assert _run() == (0, [f"{texts} texts, 0 with something to mend."])
    with scope(Role.STAFF, departments=["*"]), connection.cursor() as cursor:
        cursor.execute("UPDATE consents_purpose SET free_because = '' WHERE slug = 'reading-tips'")
    code, lines = _run()
    assert (code, lines[0]) == (
        1,
        "reading-tips version 1: not_free: Write why people are free to say no.",
    )
