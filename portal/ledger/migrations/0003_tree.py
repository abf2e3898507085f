"""The tree's tiles, its checkpoints, and where they were copied to. See docs/adr/0002 and 0011.

Of an entry's look-up columns only those that the walls and indexes need are kept; all else that is shown is read from
the bytes. They come from `ledger_pending`, where the database makes them from the bytes, and from nowhere else.
"""

from django.db import migrations, models

from portal.walls.roles import Role
from portal.walls.sql import append_only, of_departments, theirs

_JSON = "convert_from({}body, 'UTF8')::json"
_READ = {
    "kind": "{j} ->> 'kind'",
    "at": "rtrim({j} ->> 'at', 'Z')::timestamp AT TIME ZONE 'UTC'",
    "actor_kind": "{j} #>> '{{actor,kind}}'",
    "actor_id": "{j} #>> '{{actor,id}}'",
    "actor_right": "{j} #>> '{{actor,right}}'",
    "unit": "{j} #>> '{{actor,unit}}'",
    "role": "{j} #>> '{{actor,role}}'",
    "purpose": "{j} ->> 'purpose'",
    "datasets": "({j} -> 'datasets')::jsonb",
    "reference": "{j} ->> 'reference'",
    "counts": "({j} -> 'counts')::jsonb",
}


def _columns(table: str) -> str:
    read = [f"{how.format(j='(' + _JSON.format(table) + ')')} AS {name}" for name, how in _READ.items()]
    return ", ".join([f"{table}id", f"{table}body", *read, f"{table}subject", f"{table}department"])


LIGHT = f"""
DROP VIEW ledger_log;
ALTER TABLE ledger_entry DROP CONSTRAINT entry_carries_its_own_id;
ALTER TABLE ledger_entry ALTER COLUMN subject DROP EXPRESSION, ALTER COLUMN department DROP EXPRESSION,
    {", ".join(f"DROP COLUMN {name}" for name in _READ)};
ALTER TABLE ledger_pending ADD CONSTRAINT entry_carries_its_own_id
    CHECK (position(decode('"id":"' || id::text || '"', 'escape') IN body) > 0);
-- Rows stay for a second or two: the dead ones are taken away by the batch, not by the share of a table that is empty.
ALTER TABLE ledger_pending SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000,
    autovacuum_vacuum_insert_threshold = -1);
DROP FUNCTION ledger_time;
CREATE VIEW ledger_log WITH (security_invoker = true) AS
    SELECT {_columns("e.")}, l.index, l.sequenced_at FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    UNION ALL
    SELECT {_columns("p.")}, NULL::bigint, NULL::timestamptz FROM ledger_pending p;
"""
HEAVY = """
DROP VIEW ledger_log;
CREATE FUNCTION ledger_time(body bytea) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT rtrim(convert_from(body, 'UTF8')::json ->> 'at', 'Z')::timestamp AT TIME ZONE 'UTC' $$;
ALTER TABLE ledger_pending DROP CONSTRAINT entry_carries_its_own_id;
ALTER TABLE ledger_pending RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_threshold,
    autovacuum_vacuum_insert_threshold);
ALTER TABLE ledger_entry ADD CONSTRAINT entry_carries_its_own_id CHECK ((ledger_json(body) ->> 'id')::uuid = id);
DROP INDEX ledger_entry_subject, ledger_entry_department;
DROP POLICY "resident_select" ON ledger_entry;
DROP POLICY "staff_select" ON ledger_entry;
ALTER TABLE ledger_entry DROP COLUMN subject, DROP COLUMN department;
ALTER TABLE ledger_entry
    ADD COLUMN kind text GENERATED ALWAYS AS (ledger_json(body) ->> 'kind') STORED,
    ADD COLUMN at timestamptz GENERATED ALWAYS AS (ledger_time(body)) STORED,
    ADD COLUMN actor_kind text GENERATED ALWAYS AS (ledger_json(body) #>> '{actor,kind}') STORED,
    ADD COLUMN actor_id text GENERATED ALWAYS AS (ledger_json(body) #>> '{actor,id}') STORED,
    ADD COLUMN actor_right text GENERATED ALWAYS AS (ledger_json(body) #>> '{actor,right}') STORED,
    ADD COLUMN unit text GENERATED ALWAYS AS (ledger_json(body) #>> '{actor,unit}') STORED,
    ADD COLUMN role text GENERATED ALWAYS AS (ledger_json(body) #>> '{actor,role}') STORED,
    ADD COLUMN subject uuid GENERATED ALWAYS AS (ledger_subject(body)) STORED,
    ADD COLUMN department text GENERATED ALWAYS AS (ledger_json(body) ->> 'department') STORED,
    ADD COLUMN purpose text GENERATED ALWAYS AS (ledger_json(body) ->> 'purpose') STORED,
    ADD COLUMN datasets jsonb GENERATED ALWAYS AS (ledger_json(body) -> 'datasets') STORED,
    ADD COLUMN reference text GENERATED ALWAYS AS (ledger_json(body) ->> 'reference') STORED,
    ADD COLUMN counts jsonb GENERATED ALWAYS AS (ledger_json(body) -> 'counts') STORED;
CREATE INDEX ledger_entry_subject ON ledger_entry (subject, id DESC) WHERE subject IS NOT NULL;
CREATE INDEX ledger_entry_department ON ledger_entry (department, id DESC);
"""
WALLS = f"""
CREATE POLICY "resident_select" ON ledger_entry FOR SELECT TO {Role.RESIDENT.value} USING ({theirs("subject")});
CREATE POLICY "staff_select" ON ledger_entry FOR SELECT TO {Role.STAFF.value} USING ({of_departments()});
"""

# The rows are compared within the batch's range of ids: whatever the planner thinks of a table that nobody has analysed,
# no older month is read.
MOVING = """
CREATE OR REPLACE FUNCTION refuse_losing_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    low uuid := (SELECT id FROM gone ORDER BY id LIMIT 1);
    high uuid := (SELECT id FROM gone ORDER BY id DESC LIMIT 1);
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN (SELECT * FROM ledger_entry WHERE id BETWEEN low AND high) AS e ON e.id = gone.id
        WHERE (e.body, e.subject, e.department) IS DISTINCT FROM (gone.body, gone.subject, gone.department)
    ) THEN RAISE EXCEPTION 'a pending entry leaves only into the log' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION refuse_strange_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM come LEFT JOIN ledger_pending p ON p.id = come.id
        WHERE (p.body, p.subject, p.department) IS DISTINCT FROM (come.body, come.subject, come.department)
    ) THEN RAISE EXCEPTION 'an entry comes only from what was pending' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER entry_was_pending AFTER INSERT ON ledger_entry REFERENCING NEW TABLE AS come
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_strange_entries();
"""
STILL = """
DROP TRIGGER entry_was_pending ON ledger_entry;
DROP FUNCTION refuse_strange_entries;
CREATE OR REPLACE FUNCTION refuse_losing_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN ledger_entry e ON e.id = gone.id WHERE e.body IS DISTINCT FROM gone.body
    ) THEN RAISE EXCEPTION 'a pending entry leaves only into the log' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
"""

TILES = """
CREATE INDEX ledger_leaf_hash ON ledger_leaf USING hash (hash);
CREATE TABLE ledger_tile (
    level smallint NOT NULL CHECK (level BETWEEN 0 AND 7),
    number bigint NOT NULL CHECK (number >= 0),
    hashes bytea NOT NULL CONSTRAINT tile_holds_whole_hashes
        CHECK (length(hashes) BETWEEN 32 AND 8192 AND length(hashes) % 32 = 0),
    PRIMARY KEY (level, number)
);
ALTER TABLE ledger_tile ALTER COLUMN hashes SET STORAGE EXTERNAL;
CREATE FUNCTION refuse_changed_tiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'UPDATE' OR (NEW.level, NEW.number) <> (OLD.level, OLD.number)
        OR length(NEW.hashes) <= length(OLD.hashes)
        OR substr(NEW.hashes, 1, length(OLD.hashes)) <> OLD.hashes
    THEN RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION refuse_emptying_tiles() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'a tile only grows' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER tile_only_grows BEFORE UPDATE OR DELETE ON ledger_tile
    FOR EACH ROW EXECUTE FUNCTION refuse_changed_tiles();
CREATE TRIGGER tile_is_never_emptied BEFORE TRUNCATE ON ledger_tile
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_emptying_tiles();
"""
NO_TILES = """
DROP TABLE ledger_tile;
DROP FUNCTION refuse_changed_tiles, refuse_emptying_tiles;
DROP INDEX ledger_leaf_hash;
"""
# The view of 0001 over the columns of 0001.
_OLD = (
    *("kind", "at", "actor_kind", "actor_id", "actor_right", "unit", "role", "subject", "department", "purpose"),
    *("datasets", "reference", "counts"),
)
OLD_VIEW = f"""
CREATE VIEW ledger_log WITH (security_invoker = true) AS
    SELECT e.id, e.body, {", ".join("e." + name for name in _OLD)}, l.index, l.sequenced_at
    FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    UNION ALL
    SELECT id, body, ledger_json(body) ->> 'kind', ledger_time(body), ledger_json(body) #>> '{{actor,kind}}',
        ledger_json(body) #>> '{{actor,id}}', ledger_json(body) #>> '{{actor,right}}', ledger_json(body) #>> '{{actor,unit}}',
        ledger_json(body) #>> '{{actor,role}}', subject, department, ledger_json(body) ->> 'purpose',
        ledger_json(body) -> 'datasets', ledger_json(body) ->> 'reference', ledger_json(body) -> 'counts',
        NULL::bigint, NULL::timestamptz FROM ledger_pending;
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0002_lighter")]
    operations = [
        migrations.RunSQL(LIGHT, HEAVY + WALLS + OLD_VIEW),
        migrations.RunSQL(MOVING, STILL),
        migrations.RunSQL(TILES, NO_TILES),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("size", models.BigIntegerField(primary_key=True, serialize=False, verbose_name="Entries")),
                ("root", models.BinaryField()),
                ("note", models.TextField(verbose_name="Signed note")),
                ("signed_at", models.DateTimeField(verbose_name="When")),
            ],
            options={
                "verbose_name": "seal of the log",
                "verbose_name_plural": "seals of the log",
                "ordering": ["-size"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gt", 0)), name="checkpoint_is_over_something"
                    )
                ],
            },
        ),
        append_only("ledger_checkpoint"),
        migrations.CreateModel(
            name="Copying",
            fields=[
                (
                    "place",
                    models.CharField(
                        choices=[("folder", "Folder"), ("address", "Address")],
                        max_length=10,
                        primary_key=True,
                        serialize=False,
                        verbose_name="Where to",
                    ),
                ),
                ("size", models.BigIntegerField(default=0, verbose_name="Entries")),
                ("copied_at", models.DateTimeField(null=True, verbose_name="Last copied")),
                ("failing_since_at", models.DateTimeField(null=True, verbose_name="Failing since")),
                ("error", models.CharField(blank=True, default="", max_length=100, verbose_name="Fault")),
            ],
            options={
                "verbose_name": "copying of seals",
                "verbose_name_plural": "copying of seals",
                "ordering": ["place"],
            },
        ),
    ]
