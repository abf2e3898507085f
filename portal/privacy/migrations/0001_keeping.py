"""Months of the log go whole, and a worker may remove rows whose time is over."""

from django.db import migrations

from portal.privacy.keeping import LOG_YEARS
from portal.walls.roles import Role
from portal.walls.sql import ANYONE

# Only the owner may drop a month. The function runs as the owner, and itself holds the line that no caller can move:
# the month ended long enough ago, and each of its entries has its leaf, which stays and goes on proving the others.
MONTHS = f"""
CREATE FUNCTION ledger_months() RETURNS SETOF date LANGUAGE sql STABLE AS $$
    SELECT to_date(right(c.relname, 7), 'YYYY_MM') FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
    WHERE i.inhparent = 'public.ledger_entry'::regclass AND c.relname ~ '^ledger_entry_[0-9]{{4}}_[0-9]{{2}}$'
$$;
CREATE FUNCTION ledger_drop_month(month date) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = public, pg_temp SET lock_timeout = '5s' AS $$
DECLARE
    name text := 'ledger_entry_' || to_char(month, 'YYYY_MM');
    entries bigint;
    unnumbered bigint;
BEGIN
    IF month <> date_trunc('month', month)::date OR month + interval '1 month {LOG_YEARS} years' > now() THEN
        RAISE EXCEPTION '% has not been kept for long enough', month USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format('SELECT count(*), count(*) FILTER (WHERE l.entry_id IS NULL)
                    FROM %I e LEFT JOIN ledger_leaf l ON l.entry_id = e.id', name) INTO entries, unnumbered;
    IF unnumbered > 0 THEN
        RAISE EXCEPTION '% has entries without a leaf', month USING ERRCODE = 'restrict_violation';
    END IF;
    EXECUTE format('DROP TABLE %I', name);
    RETURN entries;
END $$;
REVOKE ALL ON FUNCTION ledger_drop_month(date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger_drop_month(date) TO {Role.WORKER};
"""
UNDO_MONTHS = "DROP FUNCTION ledger_drop_month(date); DROP FUNCTION ledger_months();"

_SWEPT = ("consents_announcement", "consents_telling")
_ROWS = "\n".join(
    f'CREATE POLICY "worker_delete" ON {table} FOR DELETE TO {Role.WORKER} USING ({ANYONE});' for table in _SWEPT
)
_UNDO_ROWS = "\n".join(f'DROP POLICY "worker_delete" ON {table};' for table in _SWEPT)
# What wrapped a key that lives is never removed.
_KEYS = f"""
CREATE POLICY "worker_delete" ON keys.person_key FOR DELETE TO {Role.WORKER} USING (destroyed_at IS NOT NULL);
"""


class Migration(migrations.Migration):
    initial = True
    dependencies = [
        ("ledger", "0002_lighter"),
        ("keys", "0001_initial"),
        ("consents", "0008_announcements"),
        ("datasources", "0001_initial"),
    ]
    operations = [
        migrations.RunSQL(MONTHS, UNDO_MONTHS),
        migrations.RunSQL(_ROWS, _UNDO_ROWS),
        migrations.RunSQL(_KEYS, 'DROP POLICY "worker_delete" ON keys.person_key;'),
    ]
