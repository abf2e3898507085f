"""Each parser of watches' exports against changed exports, for as long as is told.

`python -m tests.proof.fuzzing.watches [MAKER ...] [--minutes 10] [--seed N]`; `make fuzz` runs it within its proof.
"""

import argparse
import io
import secrets
import zipfile
from collections.abc import Callable, Hashable
from functools import partial

from demo.watches import EXPORTS
from tests.proof.fuzzing.exports import files_of, read_any
from tests.proof.fuzzing.mutating import drive_for

_MINUTES, _SEEDS = 10.0, 2**32


def _packed(name: str, content: bytes) -> bytes:
    """An archive of one file: what the file's name tells is told, and no checksum stops a change."""
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(name, content)
    return whole.getvalue()


def _held(content: bytes, make: Callable[[bytes], bytes]) -> Hashable:
    return read_any(make(content))


def fuzz(maker: str, *, seconds: float, number: int) -> int:
    """The export as it is brought, and each kind of file in it, in turn."""
    parts: list[tuple[str, Callable[[bytes], bytes], list[bytes]]] = []
    whole, *files = files_of(maker)
    parts.append((f"{maker}, as brought", bytes, [whole[1]]))
    parts += [(f"{maker}, {name[-24:]}", partial(_packed, name), [content]) for name, content in files]
    return sum(
        drive_for(name, seeds, partial(_held, make=make), seconds=seconds / len(parts), number=number)
        for name, make, seeds in parts
    )


def main() -> None:
    """A sentence a part; AssertionError at the first input that is not read or refused."""
    arguments = argparse.ArgumentParser(prog="python -m tests.proof.fuzzing.watches")
    arguments.add_argument("maker", nargs="*", default=list(EXPORTS), help=f"of {', '.join(EXPORTS)}")
    arguments.add_argument("--minutes", type=float, default=_MINUTES, help="for each of them")
    arguments.add_argument("--seed", type=int, default=secrets.randbelow(_SEEDS))
    given = arguments.parse_args()
    print(f"FUZZ_SEED={given.seed}", flush=True)
    for maker in given.maker:
        fuzz(maker, seconds=given.minutes * 60, number=given.seed)


if __name__ == "__main__":
    main()
