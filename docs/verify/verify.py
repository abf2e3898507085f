"""Check a file from the portal without the portal: receipts, entries of the log, that the log only grew, packages.

    python verify.py FILE... [--keys KEYS] [--witness KEY]...

FILE is a receipt (JSON), a bundle of entries, the answer of /log/proof/consistency, or a package (of everything, or
from city to city): the ZIP, or its folder. KEYS is its portal's key set, /.well-known/jwks.json, got at another time or
place than FILE: only then does a signature prove who signed. A witness tells its KEY itself (`name+id+key`): it must
have cosigned FILE's newest checkpoint. Needs Python 3.9 or newer and `cryptography`. Exit code 0 if all holds, else 1.
"""

import argparse
import base64
import hashlib
import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256

# Of the log: by its name, or by no name for whatever log a key set belongs to. Of all else: by their `kid`.
Keys = dict["str | None", "list[bytes]"]
ReceiptKeys = dict[str, "ec.EllipticCurvePublicKey | Ed25519PublicKey"]
Json = dict[str, Any]
Files = dict[str, "Callable[[], bytes]"]
CRATE, SIGNATURE = "ro-crate-metadata.json", "manifest.jws"
FAULTS = (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, RecursionError, zipfile.BadZipFile)


class Broken(Exception):
    """Something does not hold; the message says what."""


def unpadded(text: str) -> bytes:
    """Base64 as web signatures write it."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def canonical(value: Any) -> bytes:
    """RFC 8785, for what the portal writes: names in ASCII, whole numbers."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def verified(key: Any, fault: str, *signature_and_content: Any) -> None:
    """Broken, saying the fault, when the signature does not hold."""
    try:
        key.verify(*signature_and_content)
    except InvalidSignature:
        raise Broken(fault) from None


def joined(left: bytes, right: bytes) -> bytes:
    """The hash over two nodes."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def leaf_of(entry: Json) -> bytes:
    """The hash that stands in the tree for an entry."""
    return hashlib.sha256(b"\x00" + canonical(entry)).digest()


def head_of(note: str, keys: Keys) -> "tuple[int, bytes]":
    """(size, root) that a checkpoint says, when one of the keys {name or None: [32 bytes]} signed it."""
    text, _, lines = note.partition("\n\n")
    body = re.fullmatch(r"([^\n]+)\n(\d+)\n([A-Za-z0-9+/]{43}=)", text)
    if not body:
        raise Broken("The checkpoint has not the form of one.")
    for public in keys.get(body[1], []) + keys.get(None, []):
        for signature in signatures_by(body[1], b"\x01", public, lines):
            key = Ed25519PublicKey.from_public_bytes(public)
            verified(key, "The checkpoint's signature does not hold.", signature, f"{text}\n".encode())
            return int(body[2]), base64.b64decode(body[3])
    raise Broken("The checkpoint is not signed by a key of this log.")


def signatures_by(name: str, kind: bytes, public: bytes, lines: str) -> "list[bytes]":
    """What stands in signature lines under this name and the id of this key (C2SP signed-note)."""
    named = hashlib.sha256(name.encode() + b"\n" + kind + public).digest()[:4]
    told = [base64.b64decode(each) for by, each in re.findall(r"— (\S+) ([A-Za-z0-9+/=]+)\n", lines) if by == name]
    return [each[4:] for each in told if each[:4] == named]


def check_witness(told: str, log: Json) -> str:
    """When the witness of this key cosigned the newest checkpoint (C2SP tlog-cosignature, `cosignature/v1`)."""
    note = log["checkpoint"] if "checkpoint" in log else log["checkpoints"][-1]
    (name, _, key), (text, _, lines) = told.split("+", 2), note.partition("\n\n")
    public, fault = base64.b64decode(key)[1:], f"What the witness {name} cosigned is not this checkpoint."
    for signature in signatures_by(name, b"\x04", public, lines):
        signed = f"cosignature/v1\ntime {(at := int.from_bytes(signature[:8], 'big'))}\n{text}\n".encode()
        verified(Ed25519PublicKey.from_public_bytes(public), fault, signature[8:], signed)
        return f" Cosigned by {name} at {time.strftime('%Y-%m-%d %H:%M:%SZ', time.gmtime(at))}."
    raise Broken(f"The witness {name} has not cosigned the checkpoint.")


def climbed(node: int, last: int, start: bytes, proof: "Iterable[bytes]") -> "tuple[bytes, bytes]":
    """(root of what ends at `node`, root of what ends at `last`): RFC 9162, sections 2.1.3.2 and 2.1.4.2."""
    older = newer = start
    for each in proof:
        if last == 0:
            raise Broken("The proof is too long.")
        if node & 1 or node == last:
            older, newer = joined(each, older), joined(each, newer)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            newer = joined(newer, each)
        node, last = node >> 1, last >> 1
    if last:
        raise Broken("The proof is too short.")
    return older, newer


def root_by_hashes(first: int, end: int, leaves: "dict[int, bytes]", hashes: "dict[str, str]") -> bytes:
    """The root over the leaves from `first` to before `end`: from each leaf we have, and from hashes for the rest."""
    if not any(first <= index < end for index in leaves):
        level = (end - first).bit_length() - 1
        if end - first == 1 << level and f"{level}/{first >> level}" in hashes:
            return bytes.fromhex(hashes[f"{level}/{first >> level}"])
    if end - first == 1:
        if first not in leaves:
            raise Broken("A hash of the tree is missing.")
        return leaves[first]
    middle = first + (1 << (end - first - 1).bit_length() - 1)
    left = {index: leaf for index, leaf in leaves.items() if index < middle}
    right = {index: leaf for index, leaf in leaves.items() if index >= middle}
    return joined(root_by_hashes(first, middle, left, hashes), root_by_hashes(middle, end, right, hashes))


def check_bundle(file: Json, keys: Keys) -> str:
    """Entries of the log, all under one checkpoint."""
    if not file["entries"]:
        return f"No entry of the log is in it that was sealed; {len(file['waiting'])} wait for it."
    size, root = head_of(file["checkpoint"], keys)
    leaves = {each["index"]: leaf_of(each["entry"]) for each in file["entries"]}
    if len(leaves) != len(file["entries"]) or not all(0 <= index < size for index in leaves):
        raise Broken("Two entries claim one place, or one lies beyond the checkpoint.")
    for entry, told in ((each["entry"], each["content"]) for each in file["entries"] if "content" in each):
        if hashlib.sha256(bytes.fromhex(told["salt"]) + canonical(told["private"])).hexdigest() != entry["commitment"]:
            raise Broken(f"Entry {entry['id']} says something else than what was sealed.")
    if leaves and root_by_hashes(0, size, leaves, file["hashes"]) != root:
        raise Broken("These entries are not what was sealed.")
    waits = f" {len(file['waiting'])} wait to be sealed." if file["waiting"] else ""
    return f"{len(leaves)} entries stand in the log of {size} entries, as they were sealed.{waits}"


def check_signature(signature: str, content: bytes, keys: ReceiptKeys, *, kind: str) -> Json:
    """A JWS with detached content (RFC 7515, appendix F), ES256 or EdDSA, over just these bytes; its header."""
    head, _, told = signature.strip().partition("..")
    header, raw = json.loads(unpadded(head)), unpadded(told)
    if header["kid"] not in keys:
        raise Broken("The signature names no key of the key set; give the portal's key set with --keys.")
    key = keys[header["kid"]]
    if header["typ"] != kind or header["alg"] != ("EdDSA" if isinstance(key, Ed25519PublicKey) else "ES256"):
        raise Broken("The signature is of something else.")
    payload = head.encode() + b"." + base64.urlsafe_b64encode(content).rstrip(b"=")
    signed: "tuple[Any, ...]" = (raw, payload)
    if not isinstance(key, Ed25519PublicKey):
        pair = (int.from_bytes(half, "big") for half in (raw[:32], raw[32:]))
        signed = utils.encode_dss_signature(*pair), payload, ec.ECDSA(SHA256())
    verified(key, "It was changed after it was signed.", *signed)
    return dict(header)


def check_receipt(file: Json, keys: Keys, receipt_keys: ReceiptKeys) -> str:
    """A receipt of an answer, and where its entry stands; or of an erasure, which has none of its own."""
    kind = f"{file['receipt'].get('kind', 'consent')}-receipt+jws"
    check_signature(file["signature"], canonical(file["receipt"]), receipt_keys, kind=kind)
    if "log" not in file:
        return "The receipt is genuine. It does not say where its entry stands in the log."
    size, root = head_of((log := file["log"])["checkpoint"], keys)
    if log["entry"]["id"] != file["receipt"]["ledger"]["entry_id"]:
        raise Broken("The proof is of another entry than the receipt's.")
    start = log["index"], size - 1, leaf_of(log["entry"])
    if log["index"] >= size or climbed(*start, map(bytes.fromhex, log["proof"]))[1] != root:
        raise Broken("The receipt's entry is not what was sealed.")
    return f"The receipt is genuine, and its entry is number {log['index']} of the log of {size} entries."


def check_files(files: Files, listed: "dict[str, str]", beside: "set[str]") -> None:
    """Each is there and as its SHA-256 says, and there is none more."""
    if odd := sorted(listed.keys() ^ (files.keys() - beside)):
        raise Broken(f"A file is missing, or is not of the package: {odd[0]}")
    for name, digest in listed.items():
        if hashlib.sha256(files[name]()).hexdigest() != digest:
            raise Broken(f"{name} was changed.")


def check_package(files: Files, keys: Keys, receipt_keys: ReceiptKeys) -> str:
    """Every file is the one that the signed list names, and none is more; then the log and the receipts among them."""
    content = files["manifest.json"]()
    check_signature(files["manifest.jws"]().decode(), content, receipt_keys, kind="package-manifest+jws")
    listed = {each["name"]: each["sha256"] for each in json.loads(content)["files"]}
    check_files(files, listed, {"manifest.json", "manifest.jws"})
    said = check_bundle(json.loads(files["log/log.json"]()), keys)
    receipts = [json.loads(files[name]()) for name in listed if name.startswith("receipts/")]
    for each in receipts:
        check_receipt(each, keys, receipt_keys)
    return f"The package is genuine: {len(listed)} files, {len(receipts)} receipts among them. {said}"


def check_transfer(files: Files, path: Path, signers: ReceiptKeys, key_set: "str | None") -> str:
    """A package from city to city: its list, each file, the count of each table's rows; of a ZIP, every byte."""
    content = files[CRATE]()
    header = check_signature(files[SIGNATURE]().decode(), content, signers, kind="transfer-package+jws")
    if path.is_file():
        before = path.read_bytes()[: zipfile.ZipFile(path).getinfo(SIGNATURE).header_offset]
        if hashlib.sha256(before).hexdigest() != header["archive_sha256"]:
            raise Broken("The archive was changed, or packed anew, after it was signed.")
    graph = {each["@id"]: each for each in json.loads(content)["@graph"]}
    check_files(files, {n: e["sha256"] for n, e in graph.items() if e["@type"] == "File"}, {CRATE, SIGNATURE})
    items = [each for name, each in graph.items() if name.startswith("#item-")]
    if any(len(json.loads(files[each["item"]["@id"]]())) != each["rowCount"] for each in items):
        raise Broken("A dataset has another number of rows than the list says.")
    root, told = graph["./"], json.loads(Path(str(key_set)).read_text(encoding="utf-8"))["keys"]
    since = [key["withdrawn_at"] for key in told if key.get("kid") == header["kid"] and "withdrawn_at" in key]
    said = f"{len(items)} datasets from {graph[root['publisher']['@id']]['name']}, issued {root['datePublished']}"
    mark = "".join(f" ITS KEY WAS WITHDRAWN at {each}: do not rely on what it signed from then on." for each in since)
    return f"The package is genuine: {said}, to be brought before {root['expires']}.{mark}"


def package_at(path: Path) -> "Files | None":
    """{name: what reads it} of a package, packed or unpacked; None when it is no package."""
    if path.is_dir():
        return {each.relative_to(path).as_posix(): each.read_bytes for each in path.rglob("*") if each.is_file()}
    if not zipfile.is_zipfile(path):
        return None
    names = (archive := zipfile.ZipFile(path)).namelist()
    if len(set(names)) != len(names):
        raise Broken("Two files of the package have one name.")
    return {name: partial(archive.read, name) for name in names if not name.endswith("/")}


def check_growth(file: Json, keys: Keys) -> str:
    """Two checkpoints, and that the newer log begins with the older one."""
    (old, old_root), (new, new_root) = (head_of(note, keys) for note in file["checkpoints"])
    # A tree of a power of two is a node of the newer one: its hash need not be told.
    first, *proof = ([] if old & (old - 1) else [old_root]) + [bytes.fromhex(each) for each in file["proof"]]
    below = (old ^ (old - 1)).bit_length() - 1
    if climbed(old - 1 >> below, new - 1 >> below, first, proof) != (old_root, new_root):
        raise Broken("The newer log does not begin with the older one.")
    return f"The log of {new} entries begins with that of {old}: nothing was changed or taken away."


def keys_of(path: "str | None", file: Json) -> "tuple[Keys, ReceiptKeys, bool]":
    """({name or None: [32 bytes]}, {kid: key of receipts}, whether they came with the file itself)."""
    if path is None:
        told = [key.split("+", 2) for key in file.get("keys", [])]
        return {name: [base64.b64decode(k)[1:] for n, _, k in told if n == name] for name, _, _ in told}, {}, True
    keys = json.loads(Path(path).read_text(encoding="utf-8"))["keys"]
    signers: ReceiptKeys = {}
    for key in keys:
        if key["kty"] == "EC":
            point = b"\x04" + unpadded(key["x"]) + unpadded(key["y"])
            signers[key["kid"]] = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), point)
        elif key["kty"] == "OKP":
            signers[key["kid"]] = Ed25519PublicKey.from_public_bytes(unpadded(key["x"]))
    return {None: [unpadded(key["x"]) for key in keys if key["kty"] == "OKP"]}, signers, False


def main() -> int:
    """0 when all holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", metavar="FILE")
    parser.add_argument("--keys", metavar="KEYS")
    parser.add_argument("--witness", metavar="KEY", action="append", default=[])
    given, good = parser.parse_args(), True
    for name in given.files:
        try:
            package = package_at(Path(name))
            file = {} if package else json.loads(Path(name).read_text(encoding="utf-8-sig"))
            keys, receipt_keys, came_along = keys_of(given.keys, file)
            if package and CRATE in package:
                said = check_transfer(package, Path(name), receipt_keys, given.keys)
            elif package:
                said = check_package(package, keys, receipt_keys)
            elif "receipt" in file:
                said = check_receipt(file, keys, receipt_keys)
            else:
                said = check_bundle(file, keys) if "entries" in file else check_growth(file, keys)
            log = json.loads(package["log/log.json"]()) if given.witness and package else file.get("log", file)
            said += "".join(check_witness(each, log) for each in given.witness)
            said += " The key came with the file: compare it with the portal's (--keys)." if came_along else ""
        except Broken as broken:
            said, good = f"DOES NOT HOLD: {broken}", False
        except FAULTS as fault:
            said, good = f"DOES NOT HOLD: this is no such file ({type(fault).__name__}).", False
        print(f"{name}: {said}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
