"""What the verifier finds, in plain sentences. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum


class Fault(Enum):
    """What can be wrong; `{what}` is a number in the log or a span of them, `{more}` what is known beside it."""

    UNREADABLE = "{what}: what is stored is no entry."
    CHANGED = "{what}: the entry is not the one that was numbered."
    CONTENT = "{what}: who, whom, what or why was changed; it is not what the entry committed to."
    LOOK_UP = "{what}: the look-up columns say something else than the entry."
    MISSING = "{what}: the entry is gone, though its month is kept."
    DROPPED = "{what}: the month {more} was taken away before its time."
    UNTOLD = "{what}: the month {more} was taken away, and no entry of the log tells of it."
    OTHERS = "{what}: of the month {more} more or fewer entries are gone than the entry says that tells of it."
    NO_LEAF = "An entry stands in the log without a number: {more}."
    NO_NUMBER = "{what}: the number is missing."
    TWICE = "{what}: the number stands more than once."
    TREE = "{what}: the tree holds another hash than the leaf."
    UPPER = "{what}: the hash over these in the tree is not theirs."
    NO_TILE = "{what}: the tree's hashes are missing."
    BEYOND = "{what}: the tree holds more than was numbered."
    SEAL = "Seal over {more} entries: no key of this log signed it, or it says something else than its row."
    ROOT = "{what}: something here is not what was sealed; the seal over {more} entries does not fit."
    TRUNCATED = "{what}: the end of the log is gone; the seal over {more} entries is there."
    UNSEALED = "{what}: numbered, and not sealed."
    COPY = "The copy {more} is not a seal that a key of this log signed."
    FORKED = "{what}: the log is not the one that was copied out; the copied seal {more} does not fit."
    ROLLED_BACK = "{what}: the log was longer once: the copied seal {more} tells."
    WITNESSED = "{what}: what the witness {more} cosigned is not the seal that is here."
    WAITING = "{more} wait to be numbered for more than a minute."


@dataclass(frozen=True, order=True)
class Finding:
    """One fault, from the entry numbered `first` to before `end`; (-1, -1): of no number."""

    first: int
    end: int
    fault: Fault
    more: str = ""

    def __str__(self) -> str:
        last = self.end - 1
        what = f"Entry {self.first}" if self.first == last else f"Entries {self.first} to {last}"
        return self.fault.value.format(what=what, more=self.more)


def of(index: int, fault: Fault, more: str = "") -> Finding:
    """A fault of one entry."""
    return Finding(index, index + 1, fault, more)


def elsewhere(fault: Fault, more: str) -> Finding:
    """A fault that is of no number."""
    return Finding(-1, -1, fault, more)


def merged(findings: Iterable[Finding]) -> Sequence[Finding]:
    """In their order, neighbours with the same fault as one."""
    result: list[Finding] = []
    for each in sorted(findings, key=lambda finding: (finding.fault.name, finding.more, finding.first, finding.end)):
        last = result[-1] if result else None
        if last and each.first >= 0 and (last.fault, last.more, last.end) == (each.fault, each.more, each.first):
            result[-1] = Finding(last.first, each.end, last.fault, last.more)
        else:
            result.append(each)
    return sorted(result, key=lambda finding: (finding.first, finding.end, finding.fault.name, finding.more))
