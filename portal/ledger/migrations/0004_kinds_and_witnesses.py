"""What an entry is of is a look-up column too: one kind among sixteen million entries is found by an index. And what
witnesses signed on the seals.

See docs/adr/0011: it comes from what was pending, where the database makes it from the bytes, and from nowhere else.
"""

import importlib

import uuid_utils.compat
from django.db import migrations, models

from portal.walls.sql import append_only

_tree = importlib.import_module("portal.ledger.migrations.0003_tree")

_LOOK_UP = ("kind", "subject", "department")
_READ = {name: how for name, how in _tree._READ.items() if name not in _LOOK_UP}
_OF_BODY = "GENERATED ALWAYS AS (ledger_text(body, 'kind')) STORED"


def _columns(table: str) -> str:
    body = f"(convert_from({table}body, 'UTF8')::json)"
    read = [f"{how.format(j=body)} AS {name}" for name, how in _READ.items()]
    return ", ".join([f"{table}id", f"{table}body", *read, *(f"{table}{name}" for name in _LOOK_UP)])


def _of_leaf(name: str) -> str:
    return f"(SELECT l.{name} FROM ledger_leaf l WHERE l.entry_id = e.id) AS {name}"


def _compared(columns: tuple[str, ...]) -> str:
    """Entries leave what was pending only into the log, and come into it only from there, the same in these columns."""
    e, gone, p, come = (
        ", ".join(f"{table}.{name}" for name in ("body", *columns)) for table in ("e", "gone", "p", "come")
    )
    return f"""
CREATE OR REPLACE FUNCTION refuse_losing_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    low uuid := (SELECT id FROM gone ORDER BY id LIMIT 1);
    high uuid := (SELECT id FROM gone ORDER BY id DESC LIMIT 1);
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN (SELECT * FROM ledger_entry WHERE id BETWEEN low AND high) AS e ON e.id = gone.id
        WHERE ({e}) IS DISTINCT FROM ({gone})
    ) THEN RAISE EXCEPTION 'a pending entry leaves only into the log' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
CREATE OR REPLACE FUNCTION refuse_strange_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM come LEFT JOIN ledger_pending p ON p.id = come.id
        WHERE ({p}) IS DISTINCT FROM ({come})
    ) THEN RAISE EXCEPTION 'an entry comes only from what was pending' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
"""


# Neither side of the view is a join: only then does the database read the newest fifty by the order of an index, and
# not all that the walls let through. The column of the log is filled from the bytes while the table is written anew, and plain from then on.
KIND = f"""
DROP VIEW ledger_log;
ALTER TABLE ledger_pending ADD COLUMN kind text {_OF_BODY};
ALTER TABLE ledger_entry ADD COLUMN kind text {_OF_BODY};
ALTER TABLE ledger_entry ALTER COLUMN kind DROP EXPRESSION;
CREATE INDEX ledger_entry_kind ON ledger_entry (kind, id DESC, department);
{_compared(_LOOK_UP)}
CREATE VIEW ledger_log WITH (security_invoker = true) AS
    SELECT {_columns("e.")}, {_of_leaf("index")}, {_of_leaf("sequenced_at")} FROM ledger_entry e
    UNION ALL
    SELECT {_columns("p.")}, NULL::bigint, NULL::timestamptz FROM ledger_pending p;
"""
NO_KIND = f"""
DROP VIEW ledger_log;
{_compared(("subject", "department"))}
ALTER TABLE ledger_entry DROP COLUMN kind;
ALTER TABLE ledger_pending DROP COLUMN kind;
{_tree.LIGHT[_tree.LIGHT.index("CREATE VIEW") :]}
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0003_tree")]
    operations = [
        migrations.RunSQL(KIND, NO_KIND),
        migrations.AlterField(
            "copying",
            "place",
            models.CharField(
                choices=[("folder", "Folder"), ("address", "Address")],
                max_length=255,
                primary_key=True,
                serialize=False,
                verbose_name="Where to",
            ),
        ),
        migrations.CreateModel(
            name="Cosignature",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid_utils.compat.uuid7, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("size", models.BigIntegerField(verbose_name="Entries")),
                ("witness", models.CharField(max_length=255, verbose_name="Witness")),
                ("line", models.TextField(verbose_name="Signed note")),
                ("signed_at", models.DateTimeField(verbose_name="When")),
            ],
            options={
                "verbose_name": "cosignature of a seal",
                "verbose_name_plural": "cosignatures of seals",
                "ordering": ["-size", "witness"],
                "constraints": [
                    models.UniqueConstraint(fields=("size", "witness"), name="a_witness_cosigns_a_checkpoint_once")
                ],
            },
        ),
        append_only("ledger_cosignature"),
    ]
