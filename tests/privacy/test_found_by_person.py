"""What is held of one person is found without reading what is held of all: packages and erasures ask for it."""

import pytest
from django.db import connection

_UNFOUND = """
SELECT t.relname FROM pg_attribute a
JOIN pg_class t ON t.oid = a.attrelid AND t.relkind IN ('r', 'p')
JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname NOT LIKE 'pg\\_%'
WHERE a.attname = 'person_id' AND NOT EXISTS (
    SELECT FROM pg_index i WHERE i.indrelid = t.oid AND i.indkey[0] = a.attnum AND i.indpred IS NULL
)
"""


@pytest.mark.django_db
def test_every_table_of_peoples_rows_has_an_index_that_begins_with_the_person() -> None:
    with connection.cursor() as cursor:
        cursor.execute(_UNFOUND)
        assert cursor.fetchall() == []
