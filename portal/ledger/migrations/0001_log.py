"""Entries, their leaves, and the view over both. See docs/adr/0002."""

from django.db import migrations, models

from portal.walls.roles import Role
from portal.walls.sql import ANYONE, append_only, of_departments, protect, theirs

# Parsing is fixed (UTC, ISO 8601), whatever the session's settings: that is what IMMUTABLE promises.
FUNCTIONS = """
CREATE FUNCTION ledger_json(body bytea) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT convert_from(body, 'UTF8')::jsonb $$;
CREATE FUNCTION ledger_time(body bytea) RETURNS timestamptz LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT rtrim(convert_from(body, 'UTF8')::jsonb ->> 'at', 'Z')::timestamp AT TIME ZONE 'UTC' $$;
CREATE FUNCTION ledger_subject(body bytea) RETURNS uuid LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT (convert_from(body, 'UTF8')::jsonb ->> 'subject')::uuid $$;
"""

COLUMNS = {
    "kind": ("text", "ledger_json(body) ->> 'kind'"),
    "at": ("timestamptz", "ledger_time(body)"),
    "actor_kind": ("text", "ledger_json(body) #>> '{actor,kind}'"),
    "actor_id": ("text", "ledger_json(body) #>> '{actor,id}'"),
    "actor_right": ("text", "ledger_json(body) #>> '{actor,right}'"),
    "unit": ("text", "ledger_json(body) #>> '{actor,unit}'"),
    "role": ("text", "ledger_json(body) #>> '{actor,role}'"),
    "subject": ("uuid", "ledger_subject(body)"),
    "department": ("text", "ledger_json(body) ->> 'department'"),
    "purpose": ("text", "ledger_json(body) ->> 'purpose'"),
    "datasets": ("jsonb", "ledger_json(body) -> 'datasets'"),
    "reference": ("text", "ledger_json(body) ->> 'reference'"),
    "counts": ("jsonb", "ledger_json(body) -> 'counts'"),
}
_generated = ",\n    ".join(f"{name} {kind} GENERATED ALWAYS AS ({how}) STORED" for name, (kind, how) in COLUMNS.items())
_computed = ", ".join(
    name if name in {"subject", "department"} else f"{how} AS {name}" for name, (_, how) in COLUMNS.items()
)
_names = ", ".join(COLUMNS)

# A key range of UUIDv7 is a range of time, so months can be dropped whole while the id alone stays the primary key.
TABLES = f"""
CREATE TABLE ledger_entry (
    id uuid PRIMARY KEY,
    body bytea NOT NULL,
    {_generated},
    CONSTRAINT entry_carries_its_own_id CHECK ((ledger_json(body) ->> 'id')::uuid = id)
) PARTITION BY RANGE (id);
CREATE INDEX ledger_entry_subject ON ledger_entry (subject, id DESC) WHERE subject IS NOT NULL;
CREATE INDEX ledger_entry_department ON ledger_entry (department, id DESC);
CREATE TABLE ledger_entry_other PARTITION OF ledger_entry DEFAULT;

CREATE FUNCTION ledger_make_partition(month date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    low text := lpad(to_hex((extract(epoch FROM month) * 1000)::bigint), 12, '0');
    high text := lpad(to_hex((extract(epoch FROM month + interval '1 month') * 1000)::bigint), 12, '0');
    tail text := '00000000000000000000';
BEGIN
    EXECUTE format('CREATE TABLE IF NOT EXISTS ledger_entry_%s PARTITION OF ledger_entry FOR VALUES FROM (%L) TO (%L)',
        to_char(month, 'YYYY_MM'), (low || tail)::uuid, (high || tail)::uuid);
END $$;
SELECT ledger_make_partition(month::date)
FROM generate_series(date '2026-01-01', date '2028-12-01', interval '1 month') AS month;

CREATE TABLE ledger_pending (
    id uuid PRIMARY KEY,
    body bytea NOT NULL,
    subject uuid GENERATED ALWAYS AS (ledger_subject(body)) STORED,
    department text GENERATED ALWAYS AS (ledger_json(body) ->> 'department') STORED
);
CREATE TABLE ledger_leaf (
    index bigint PRIMARY KEY CHECK (index >= 0),
    entry_id uuid NOT NULL UNIQUE,
    hash bytea NOT NULL CONSTRAINT leaf_hash_is_sha256 CHECK (length(hash) = 32),
    sequenced_at timestamptz NOT NULL
);

CREATE FUNCTION refuse_losing_entries() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN ledger_entry e ON e.id = gone.id WHERE e.body IS DISTINCT FROM gone.body
    ) THEN RAISE EXCEPTION 'a pending entry leaves only into the log' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION refuse_pending_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'ledger_pending is append-only' USING ERRCODE = 'restrict_violation'; END $$;
CREATE TRIGGER pending_is_never_lost AFTER DELETE ON ledger_pending REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_losing_entries();
CREATE TRIGGER pending_is_never_changed BEFORE UPDATE OR TRUNCATE ON ledger_pending
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_pending_change();

CREATE VIEW ledger_log WITH (security_invoker = true) AS
    SELECT e.id, e.body, {", ".join("e." + name for name in COLUMNS)}, l.index, l.sequenced_at
    FROM ledger_entry e LEFT JOIN ledger_leaf l ON l.entry_id = e.id
    UNION ALL
    SELECT id, body, {_computed}, NULL::bigint, NULL::timestamptz FROM ledger_pending;
"""

UNDO = """
DROP VIEW ledger_log;
DROP TABLE ledger_entry, ledger_pending, ledger_leaf;
DROP FUNCTION ledger_make_partition, refuse_losing_entries, refuse_pending_change, ledger_json, ledger_time, ledger_subject;
"""

_staff = {(Role.STAFF, "select"): of_departments()}
_own = {(Role.RESIDENT, "select"): theirs("subject")}
_append = {(role, "insert"): ANYONE for role in Role}


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.RunSQL(FUNCTIONS),
        migrations.RunSQL(TABLES, UNDO),
        append_only("ledger_entry"),
        append_only("ledger_leaf"),
        protect("ledger_pending", _own | _staff | _append | {(Role.WORKER, "select"): ANYONE, (Role.WORKER, "delete"): ANYONE}),
        protect("ledger_entry", _own | _staff | {(Role.WORKER, "select"): ANYONE, (Role.WORKER, "insert"): ANYONE}),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("body", models.BinaryField()),
                ("kind", models.TextField()),
                ("at", models.DateTimeField()),
                ("actor_kind", models.TextField()),
                ("actor_id", models.TextField()),
                ("actor_right", models.TextField()),
                ("unit", models.TextField()),
                ("role", models.TextField()),
                ("subject", models.UUIDField(null=True)),
                ("department", models.TextField()),
                ("purpose", models.TextField()),
                ("datasets", models.JSONField()),
                ("reference", models.TextField()),
                ("counts", models.JSONField()),
                ("index", models.BigIntegerField(null=True)),
                ("sequenced_at", models.DateTimeField(null=True)),
            ],
            options={
                "db_table": "ledger_log",
                "ordering": ["-id"],
                "managed": False,
                "verbose_name": "log entry",
                "verbose_name_plural": "log entries",
            },
        ),
    ]
