"""`docs/verify/verify.py` checks a package without us."""

import json
import subprocess
import sys
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from joserfc.jwk import ECKey, OKPKey

from datasources.transfers.package.writing import write_package
from tests.house.sources import ROOT
from tests.transfers import hostile
from tests.transfers.cities import key_told
from tests.transfers.made import KEY, NOW, head, item, package

GOOD = package()


@pytest.fixture
def check(tmp_path: Path) -> Any:
    """(exit code, what it says) of a package, against a key set."""

    def said(data: bytes, *keys: dict[str, Any], unpacked: bool = False) -> tuple[int, str]:
        file, told = tmp_path / "package.zip", tmp_path / "keys.json"
        file.write_bytes(data)
        told.write_text(json.dumps({"keys": keys or [key_told(KEY)]}))
        if unpacked:
            file = tmp_path / "folder"
            with ZipFile(BytesIO(data)) as archive:
                archive.extractall(file)
        argv = [sys.executable, str(ROOT / "docs/verify/verify.py"), str(file), "--keys", str(told)]
        done = subprocess.run(argv, capture_output=True, text=True, check=False)
        return done.returncode, done.stdout

    return said


@pytest.mark.parametrize("unpacked", [False, True])
def test_a_good_package_is_genuine_packed_and_unpacked(unpacked: bool, check: Any) -> None:
    code, said = check(GOOD, unpacked=unpacked)
    assert (code, "2 datasets from Turku" in said, "WITHDRAWN" in said) == (0, True, False)


def test_one_signed_by_ed25519_is_genuine_too(check: Any) -> None:
    key, sink = OKPKey.generate_key("Ed25519", auto_kid=True), BytesIO()
    write_package(sink, head(), [item()], key=key)
    assert check(sink.getvalue(), key.as_dict(private=False))[0] == 0


def test_a_withdrawn_key_is_told(check: Any) -> None:
    code, said = check(GOOD, key_told(KEY, withdrawn_at=(NOW + timedelta(days=1)).isoformat()))
    assert (code, "ITS KEY WAS WITHDRAWN" in said) == (0, True)


@pytest.mark.parametrize("name", ["data/shelf.json", "data/shelf.csv", "read-me.fi.html", "ro-crate-metadata.json"])
def test_a_changed_file_does_not_hold(name: str, check: Any) -> None:
    files = hostile.files_of(GOOD)
    changed = hostile.signed(
        files | {name: files[name].replace(b"a", b"b", 1)}, signature=lambda *_: files["manifest.jws"]
    )
    assert "DOES NOT HOLD" in check(changed)[1]
    assert check(changed, unpacked=True)[0] == 1


def test_no_byte_before_the_signature_may_be_another(check: Any) -> None:
    for at in range(10, GOOD.index(b"manifest.jws"), 997):
        changed = bytearray(GOOD)
        changed[at] ^= 1
        assert check(bytes(changed))[0] == 1


def test_another_key_a_wrong_count_and_a_file_more_do_not_hold(check: Any) -> None:
    assert check(GOOD, key_told(ECKey.generate_key("P-256", auto_kid=True)))[0] == 1
    assert check(GOOD, key_told(ECKey.generate_key("P-256", {"kid": str(KEY.kid)})))[0] == 1
    assert check(hostile.with_told("#item-shelf", rowCount=9))[0] == 1
    assert check(hostile.added("data/more.json"))[0] == 1
    assert check(hostile.with_header(alg="none"))[0] == 1
    assert check(hostile.by_shared_secret())[0] == 1
