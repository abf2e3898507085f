"""What leaves the pending entries is looked for in the log by its bytes: what an entry is looked up by was compared when
it came there, and nothing in the log changes afterwards.
"""

from django.db import migrations

_LEAVING = """
CREATE OR REPLACE FUNCTION refuse_losing_entries() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    low uuid := (SELECT id FROM gone ORDER BY id LIMIT 1);
    high uuid := (SELECT id FROM gone ORDER BY id DESC LIMIT 1);
BEGIN
    IF EXISTS (
        SELECT FROM gone LEFT JOIN (SELECT * FROM ledger_entry WHERE id BETWEEN low AND high) AS e ON e.id = gone.id
        WHERE {columns}
    ) THEN RAISE EXCEPTION 'a pending entry leaves only into the log' USING ERRCODE = 'restrict_violation'; END IF;
    RETURN NULL;
END $$;
"""
_EACH = "(e.body, e.kind, e.subject, e.department) IS DISTINCT FROM (gone.body, gone.kind, gone.subject, gone.department)"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_kinds_and_witnesses")]
    operations = [
        migrations.RunSQL(
            _LEAVING.format(columns="e.body IS DISTINCT FROM gone.body"), _LEAVING.format(columns=_EACH)
        )
    ]
