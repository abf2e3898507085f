"""Every check of who may do what, read from the sources: where it stands, and the file's text without it."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.house.sources import ROOT, product_code

DOORS = {"resident_page", "own_page", "account_page", "asks_again", "asks_again_for_another", "desk", "with_person"}
REFUSALS = {
    *("Http404", "PermissionDenied", "AuthenticationFailed", "NotYours", "NotAvailable", "TooNear", "NobodySignedIn"),
    *("NotTheirDepartment", "NotTheOfficer", "SignInRefused", "refuse", "_forbidden", "NoSuchWebhook", "NoSuchPurpose"),
    *("_no_such_purpose", "NotOfThisPurpose", "NoSuchPurposeAt", "OnlyAdults", "NoSuchData", "NotShown", "OwnText"),
}
# Who is refused by these never comes to the view: it is seen where they ask for the sign-in.
_AGAIN = ("@asks_again of ", "@asks_again_for_another of ")
_ASKING = Path("portal/pages/fresh.py")
# What a call needs when any token will do.
_ANY = '"any"'


@dataclass(frozen=True)
class Guard:
    """One check: where it stands, what it is called, and the file's text without it."""

    path: Path
    line: int
    name: str
    without: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.name}"


def guards() -> list[Guard]:
    """Every check of the product, by file and line."""
    found = [guard for path, tree in product_code() for guard in _in(path, tree)]
    return sorted(found, key=lambda guard: (str(guard.path), guard.line))


def _in(path: Path, tree: ast.Module) -> Iterator[Guard]:
    text = (ROOT / path).read_text()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield from _doors(path, node, text)
            yield from _rights(path, node, text)
        elif isinstance(node, ast.If) and (name := _refusal(node)):
            yield Guard(path, node.lineno, f"if: raise {name}", _replaced(text, node, "if False:", until=node.test))
        elif isinstance(node, ast.ClassDef):
            yield from _scopes(path, node, text)


def _doors(path: Path, node: ast.FunctionDef, text: str) -> Iterator[Guard]:
    for mark in node.decorator_list:
        if isinstance(mark, ast.Name) and mark.id in DOORS:
            yield Guard(path, mark.lineno, f"@{mark.id} of {node.name}", _replaced(text, mark, "", whole_line=True))


def _rights(path: Path, node: ast.FunctionDef, text: str) -> Iterator[Guard]:
    if node.name.startswith("has_") and node.name.endswith("permission"):
        last = node.body[-1]
        if isinstance(last, ast.Return):
            yield Guard(path, node.lineno, f"{node.name}", _replaced(text, last, "return True"))


def _scopes(path: Path, node: ast.ClassDef, text: str) -> Iterator[Guard]:
    for each in node.body:
        if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == "needs":
            told = ast.unparse(each.value)
            if told != "ANY_SCOPE":
                yield Guard(path, each.lineno, f"needs of {node.name}", _replaced(text, each.value, _ANY))


def _refusal(node: ast.If) -> str:
    if len(node.body) != 1 or not isinstance(node.body[0], ast.Raise) or node.body[0].exc is None:
        return ""
    raised = node.body[0].exc
    name = ast.unparse(raised.func if isinstance(raised, ast.Call) else raised)
    return name if name in REFUSALS else ""


def _replaced(
    text: str, node: ast.expr | ast.stmt, new: str, *, until: ast.expr | None = None, whole_line: bool = False
) -> str:
    """The text with a node replaced; of a condition (`until`) the head is, and what it names is still named."""
    lines = text.encode().splitlines(keepends=True)
    ends = until or node
    assert ends.end_lineno is not None
    assert ends.end_col_offset is not None
    first, last = node.lineno - 1, ends.end_lineno - 1
    before, after = lines[first][: node.col_offset], lines[last][ends.end_col_offset :]
    if until is not None:
        # Names that the condition gives (`:=`) are still given.
        after = after.partition(b":")[2]
        held = b"".join(lines[until.lineno - 1 : last + 1])
        start = until.col_offset
        condition = held[start : len(held) - len(lines[last]) + ends.end_col_offset]
        new = f"if ({condition.decode()}) and False:"
    if whole_line:
        before, after = b"", b""
        lines[first : last + 1] = [b""]
    else:
        lines[first : last + 1] = [before + new.encode() + after]
    return b"".join(lines).decode()


def seen_at(guard: Guard) -> Iterator[tuple[Path, range]]:
    """(file, lines) where a test has been that has to do with the check: one that was let through, or was refused."""
    yield guard.path, _lines_behind(guard)
    if guard.name.startswith(_AGAIN):
        tree = ast.parse((ROOT / _ASKING).read_text())
        [asked] = [node for node in ast.walk(tree) if isinstance(node, ast.If)]
        yield _ASKING, range(asked.body[0].lineno, asked.body[0].lineno + 1)


def _lines_behind(guard: Guard) -> range:
    """Of a door or a scope, in what stands behind it."""
    tree = ast.parse((ROOT / guard.path).read_text())
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and node.lineno == guard.line:
            # Who was refused.
            return range(node.body[0].lineno, node.body[0].lineno + 1)
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            marks = [mark.lineno for mark in node.decorator_list]
            inner = [each.lineno for each in node.body if isinstance(each, ast.Assign)]
            if guard.line in {node.lineno, *marks, *(inner if isinstance(node, ast.ClassDef) else [])}:
                return range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    return range(guard.line, guard.line + 1)
