"""What reads an entry's bytes is PL/pgSQL: its plan is kept, where a function of SQL was read and planned anew by every
statement that added an entry.
"""

from django.db import migrations

_KEPT = """
CREATE OR REPLACE FUNCTION {head} LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE
    AS $$ BEGIN RETURN {body}; END $$;
"""
_AS_SQL = """
CREATE OR REPLACE FUNCTION {head} LANGUAGE sql IMMUTABLE PARALLEL SAFE
    AS $$ SELECT {body} $$;
"""
_FUNCTIONS = {
    "ledger_text(body bytea, name text) RETURNS text": "convert_from(body, 'UTF8')::json ->> name",
    "ledger_subject(body bytea) RETURNS uuid": "(convert_from(body, 'UTF8')::json ->> 'subject')::uuid",
}


def _all(form: str) -> str:
    return "".join(form.format(head=head, body=body) for head, body in _FUNCTIONS.items())


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_by_bytes")]
    operations = [migrations.RunSQL(_all(_KEPT), _all(_AS_SQL))]
