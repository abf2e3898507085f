"""Check a city's adoption of the rulebook without the portal.

    python rulebook.py ADOPTED VERSION --keys KEYS

ADOPTED is the portal's /rulebook.json, VERSION its /rulebook/<version>.json or a folder with the files of the version,
got from anywhere. KEYS is the portal's key set, /.well-known/jwks.json. `verify.py` lies beside this file. Needs Python
3.9 or newer and the package `cryptography`. Exit code 0 when the city signed just these words, 1 when it did not.
"""

import argparse
import hashlib
import json
import sys
from pathlib import Path
from typing import Any

from verify import FAULTS, Broken, canonical, check_signature, keys_of

Json = dict[str, Any]


def digest_of(files: "dict[str, bytes]") -> str:
    """Over the names of the files and the SHA-256 of each, in the order of their names."""
    listed = [{"name": name, "sha256": hashlib.sha256(files[name]).hexdigest()} for name in sorted(files)]
    return "sha256:" + hashlib.sha256(canonical(listed)).hexdigest()


def files_at(path: Path) -> "dict[str, bytes]":
    """{name: bytes} of a version, from its folder or from the portal's answer."""
    if path.is_dir():
        return {each.relative_to(path).as_posix(): each.read_bytes() for each in path.rglob("*") if each.is_file()}
    told = json.loads(path.read_text(encoding="utf-8"))["files"]
    return {each["name"]: each["text"].encode() for each in told}


def check(adopted: Json, files: "dict[str, bytes]", keys: str) -> str:
    """A sentence about the adoption of just these files; Broken."""
    digest = digest_of(files)
    found = next((each for each in adopted["adoptions"] if each["statement"]["digest"] == digest), None)
    if found is None:
        raise Broken("The city has adopted no version with these words.")
    statement, signers = found["statement"], keys_of(keys, {})[1]
    if statement["type"] != "rulebook-adoption":
        raise Broken("The signature is of something else.")
    check_signature(found["signature"], canonical(statement), signers, kind="rulebook-adoption+jws")
    told = f"{statement['city']} adopted version {statement['version']} at {statement['adopted_at']}"
    return f"The adoption is genuine: {told}, decision {statement['decision']}."


def main() -> int:
    """0 when it holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("adopted", metavar="ADOPTED")
    parser.add_argument("version", metavar="VERSION")
    parser.add_argument("--keys", metavar="KEYS", required=True)
    given = parser.parse_args()
    try:
        adopted = json.loads(Path(given.adopted).read_text(encoding="utf-8"))
        said, good = check(adopted, files_at(Path(given.version)), given.keys), True
    except Broken as broken:
        said, good = f"DOES NOT HOLD: {broken}", False
    except FAULTS as fault:
        said, good = f"DOES NOT HOLD: this is no such file ({type(fault).__name__}).", False
    print(said)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
