"""What somebody with all rights may do to a log of 700 entries, sealed at 300, 512 and 700, and what must be found."""

from portal.ledger.verification.findings import Fault

ENTRY = "(SELECT entry_id FROM ledger_leaf WHERE index = {})"
F = Fault
ATTACKS = {
    "who did it, edited": (
        (
            "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '\"id\":\"tests\"', "
            f"'\"id\":\"other\"'), 'UTF8') WHERE id = {ENTRY.format(41)}"
        ),
        {(F.CONTENT, 41, 42)},
    ),
    "when it was, edited": (
        (
            "UPDATE ledger_entry SET body = convert_to(replace(convert_from(body, 'UTF8'), '11-24T', '11-23T'), 'UTF8')"
            f" WHERE id = {ENTRY.format(41)}"
        ),
        {(F.CHANGED, 41, 42)},
    ),
    "one bit of an entry flipped": (
        f"UPDATE ledger_entry SET body = set_bit(body, 900, 1 - get_bit(body, 900)) WHERE id = {ENTRY.format(699)}",
        {(None, 699, 700)},
    ),
    "white space put into an entry": (
        f"UPDATE ledger_entry SET body = body || '\\x20' WHERE id = {ENTRY.format(7)}",
        {(F.UNREADABLE, 7, 8)},
    ),
    "whom it is about, in the look-up column": (
        f"UPDATE ledger_entry SET subject = gen_random_uuid() WHERE id = {ENTRY.format(600)}",
        {(F.LOOK_UP, 600, 601)},
    ),
    "whose it is, in the look-up column": (
        f"UPDATE ledger_entry SET department = 'other' WHERE id = {ENTRY.format(3)}",
        {(F.LOOK_UP, 3, 4)},
    ),
    "what it is, in the look-up column": (
        f"UPDATE ledger_entry SET kind = 'desk.opened' WHERE id = {ENTRY.format(512)}",
        {(F.LOOK_UP, 512, 513)},
    ),
    "an entry deleted": (f"DELETE FROM ledger_entry WHERE id = {ENTRY.format(255)}", {(F.MISSING, 255, 256)}),
    "some entries deleted": (
        "DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM ledger_leaf WHERE index BETWEEN 250 AND 259)",
        {(F.MISSING, 250, 260)},
    ),
    "a leaf deleted": (
        "DELETE FROM ledger_leaf WHERE index = 256",
        {(F.NO_NUMBER, 256, 257), (F.NO_LEAF, -1, -1)},
    ),
    "an entry and its leaf deleted": (
        f"DELETE FROM ledger_entry WHERE id = {ENTRY.format(13)}; DELETE FROM ledger_leaf WHERE index = 13",
        {(F.NO_NUMBER, 13, 14)},
    ),
    "two entries swapped": (
        (
            "UPDATE ledger_leaf SET index = CASE index WHEN 20 THEN -30 ELSE -20 END WHERE index IN (20, 30); "
            "UPDATE ledger_leaf SET index = -index WHERE index < 0"
        ),
        {(F.TREE, 20, 21), (F.TREE, 30, 31), (F.UPPER, 0, 256), (F.ROOT, 0, 300)},
    ),
    "two entries swapped, in the tree too": (
        (
            "UPDATE ledger_leaf SET index = CASE index WHEN 20 THEN -30 ELSE -20 END WHERE index IN (20, 30); "
            "UPDATE ledger_leaf SET index = -index WHERE index < 0; "
            "UPDATE ledger_tile SET hashes = (SELECT string_agg(hash, '' ORDER BY index) FROM ledger_leaf "
            "WHERE index < 256) WHERE (level, number) = (0, 0)"
        ),
        {(F.UPPER, 0, 256), (F.ROOT, 0, 300)},
    ),
    "an entry put in": (
        (
            "INSERT INTO ledger_entry (id, body, kind, subject, department) SELECT id, body, kind, subject, department "
            "FROM ledger_pending"
        ),
        {(F.NO_LEAF, -1, -1)},
    ),
    "a number twice": (
        "UPDATE ledger_leaf SET index = 40 WHERE index = 41",
        {(F.NO_NUMBER, 41, 42), (F.TWICE, 40, 41), (F.TREE, 40, 41), (F.UPPER, 0, 256), (F.ROOT, 0, 300)},
    ),
    "a bit of a leaf flipped": (
        "UPDATE ledger_leaf SET hash = set_bit(hash, 5, 1 - get_bit(hash, 5)) WHERE index = 511",
        {(F.CHANGED, 511, 512), (F.TREE, 511, 512), (F.UPPER, 256, 512), (F.ROOT, 300, 512)},
    ),
    "a bit of the tree flipped": (
        (
            "UPDATE ledger_tile SET hashes = set_bit(hashes, 256 * 9, 1 - get_bit(hashes, 256 * 9)) "
            "WHERE (level, number) = (0, 2)"
        ),
        {(F.TREE, 521, 522)},
    ),
    "a bit of the upper tree flipped": (
        "UPDATE ledger_tile SET hashes = set_bit(hashes, 256, 1 - get_bit(hashes, 256)) WHERE level = 1",
        {(F.UPPER, 256, 512)},
    ),
    "a tile deleted": ("DELETE FROM ledger_tile WHERE (level, number) = (0, 1)", {(F.NO_TILE, 256, 512)}),
    "a seal deleted": ("DELETE FROM ledger_checkpoint WHERE size = 512", set()),
    "the last seal deleted": ("DELETE FROM ledger_checkpoint WHERE size = 700", {(F.UNSEALED, 512, 700)}),
    "a bit of a seal flipped": (
        "UPDATE ledger_checkpoint SET note = replace(note, '700', '701') WHERE size = 700",
        {(F.SEAL, -1, -1)},
    ),
    "another root in a seal's row": (
        "UPDATE ledger_checkpoint SET root = sha256('x') WHERE size = 300",
        {(F.SEAL, -1, -1)},
    ),
    "the end cut off": (
        (
            "DELETE FROM ledger_entry WHERE id IN (SELECT entry_id FROM ledger_leaf WHERE index >= 690); "
            "DELETE FROM ledger_leaf WHERE index >= 690"
        ),
        {(F.BEYOND, 690, 700), (F.TRUNCATED, 690, 700)},
    ),
    "all emptied": (
        "TRUNCATE ledger_entry, ledger_leaf, ledger_tile",
        {(F.TRUNCATED, 0, 700)},
    ),
    "the current month taken away": (
        (
            "DO $$ DECLARE part text; BEGIN FOR part IN SELECT relname FROM pg_class WHERE relispartition "
            "AND relname LIKE 'ledger\\_entry\\_20%' AND relkind = 'r' "
            "LOOP EXECUTE 'DROP TABLE ' || part; END LOOP; END $$"
        ),
        {(F.DROPPED, 0, 700)},
    ),
}
