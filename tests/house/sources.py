"""What the house tests read: every file of ours that git knows or would take."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("portal", "consents", "datasources")


@cache
def files() -> tuple[Path, ...]:
    """Paths relative to the root, new ones among them, ignored ones not."""
    argv = ["git", "ls-files", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    return tuple(sorted(Path(line) for line in set(listed) if (ROOT / line).is_file()))


@cache
def product_code() -> tuple[tuple[Path, ast.Module], ...]:
    """(path, syntax tree) of every product module but migrations."""
    return tuple(
        (path, ast.parse((ROOT / path).read_text()))
        for path in files()
        if path.suffix == ".py" and path.parts[0] in PRODUCT and "migrations" not in path.parts
    )


def templates() -> Iterator[tuple[Path, str]]:
    """(path, text) of every template."""
    for path in files():
        if path.parts[0] == "templates":
            yield path, (ROOT / path).read_text()
