"""The ground the tests stand on."""

import threading

import psycopg
import pytest
from django.db import connection, connections


def _whoami() -> tuple[object, ...] | None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_user, rolsuper OR rolbypassrls, current_setting('is_superuser') "
            "FROM pg_roles WHERE rolname = current_user"
        )
        row: tuple[object, ...] | None = cursor.fetchone()
        return row


@pytest.mark.django_db
def test_tests_connect_as_the_plain_application_role() -> None:
    assert _whoami() == ("mydata_app", False, "off")


@pytest.mark.django_db
def test_the_application_role_owns_no_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT DISTINCT tableowner FROM pg_tables WHERE schemaname IN ('public', 'keys')")
        assert cursor.fetchall() == [("mydata_owner",)]


def test_a_database_of_its_own_is_the_same_in_every_thread(committed_db: str) -> None:
    found: list[str] = []

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            found.append(cursor.fetchone()[0])
        connections.close_all()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    ask()
    assert found == [committed_db, committed_db]


def test_the_superuser_sees_the_database_of_the_test(committed_db: str, superuser: psycopg.Connection) -> None:
    assert superuser.execute("SELECT current_user, current_database()").fetchone() == (
        "postgres",
        committed_db,
    )


@pytest.mark.django_db
def test_after_a_database_of_its_own_the_shared_one_is_back() -> None:
    assert str(connection.settings_dict["NAME"]).split("_")[1] in {"main", "gw0", "gw1", "gw2", "gw3"}
