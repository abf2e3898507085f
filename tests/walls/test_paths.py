"""Ways around row security: functions, views, owners, rights of everybody, tables without it. Each is known by name."""

import psycopg
import pytest

pytestmark = pytest.mark.django_db

_OURS = "n.nspname IN ('public', 'keys')"
# A function that runs with its owner's rights, and who may call it.
DEFINERS = {("ledger_drop_month", "mydata_worker")}
# Tables without row security, and why nobody's data can be seen in them by whoever may read them.
OPEN_TABLES = {
    "what the portal is made of": "django_migrations django_content_type auth_permission auth_group "
    "auth_group_permissions people_user_groups people_user_user_permissions",
    "log-ins, read before anybody is known: no name, no code": "django_session usersessions_usersession "
    "socialaccount_socialaccount socialaccount_socialapp socialaccount_socialtoken account_emailaddress "
    "account_emailconfirmation mfa_authenticator",
    "what staff did; people's rows are not edited there": "django_admin_log",
    "ids only; read by workers and staff": "jobs_job",
    "schedules": " ".join(
        f"django_celery_beat_{name}"
        for name in (
            *("periodictask", "periodictasks", "intervalschedule", "crontabschedule"),
            *("solarschedule", "clockedschedule"),
        )
    ),
    "what the city tells of itself": "datasources_department datasources_register datasources_dataset "
    "datasources_field rulebook_adoption",
    "what the city asks for and what came of it, and where its services lead people back": "consents_donationmodule "
    "consents_outcome consents_returnaddress",
    "counts and times of readings": "datasources_pull datasources_reading",
    "how a source is reached; secrets and values stand sealed": "datasources_source datasources_mappingversion "
    "datasources_trial",
    "department systems; what they were answered stands sealed": "rest_client rest_clientsecret rest_reply "
    "rest_revokedtoken rest_usedassertion rest_edition",
    "what was said in public about use cases; whose words they are stands behind the walls": "usecases_case "
    "usecases_case_datasets usecases_case_purposes usecases_comment usecases_statement",
    "what use cases bring, in counts": "usecases_expectation usecases_cost usecases_usesofmonth usecases_counting",
    "hashes, and seals that are published": "ledger_leaf ledger_tile ledger_checkpoint ledger_cosignature",
    "about nobody": "privacy_browserreport wearables_walkingsum ledger_copying consents_reportheard "
    "requests_numbering requests_decisiontemplate",
    "what other cities publish of their keys": "transfers_citykeys transfers_withdrawnkey",
    "of staff; the person opened is a mark by which nobody is found": "people_personopened people_secondperson",
    "marks of at most four people a month, by which nobody is found; the worker's alone": "usecases_firstpeople",
}


def test_every_table_that_has_no_row_security_is_known_and_why(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {_OURS} AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND NOT c.relrowsecurity"""
    ).fetchall()
    known = {table for tables in OPEN_TABLES.values() for table in tables.split()}
    assert {name for (name,) in found} == known


def test_row_security_holds_for_the_owner_too(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {_OURS} AND c.relrowsecurity AND NOT c.relforcerowsecurity"""
    ).fetchall()
    assert found == []


def test_no_part_of_a_table_is_a_way_around_it(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        f"""SELECT c.relname, grantee::regrole FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                   aclexplode(c.relacl) AS acl
            WHERE {_OURS} AND c.relispartition AND acl.grantee <> c.relowner"""
    ).fetchall()
    assert found == []


def test_views_look_with_the_eyes_of_who_asks(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        f"""SELECT c.relname, coalesce(c.reloptions, '{{}}')
            FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {_OURS} AND c.relkind IN ('v', 'm')"""
    ).fetchall()
    assert found
    assert [name for name, options in found if "security_invoker=true" not in options] == []


def test_the_one_function_with_its_owners_rights_is_known_and_who_may_call_it(superuser: psycopg.Connection) -> None:
    found = superuser.execute(
        f"""SELECT p.proname, acl.grantee::regrole::text, p.proconfig
            FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace, aclexplode(p.proacl) AS acl
            WHERE {_OURS} AND p.prosecdef AND acl.grantee <> p.proowner"""
    ).fetchall()
    assert {(name, role) for name, role, _ in found} == DEFINERS
    # Whoever calls it brings no table of their own under a name that it reads.
    assert [config for _, _, config in found if "search_path=public, pg_temp" not in config] == []


def test_nothing_is_anybodys_and_nothing_belongs_to_who_connects(superuser: psycopg.Connection) -> None:
    everybodys = superuser.execute(
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace,
                   aclexplode(c.relacl) AS acl WHERE {_OURS} AND acl.grantee = 0"""
    ).fetchall()
    owned = superuser.execute(
        f"""SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE {_OURS} AND pg_get_userbyid(c.relowner) <> 'mydata_owner'"""
    ).fetchall()
    made = superuser.execute(
        """SELECT nspname, role FROM pg_namespace, unnest(ARRAY['mydata_app', 'mydata_resident', 'mydata_staff',
           'mydata_api', 'mydata_worker', 'mydata_login']) AS role
           WHERE nspname IN ('public', 'keys') AND has_schema_privilege(role, oid, 'CREATE')"""
    ).fetchall()
    assert (everybodys, owned, made) == ([], [], [])


@pytest.mark.parametrize("role", ["mydata_owner", "postgres", "pg_read_all_data", "pg_execute_server_program"])
def test_who_connects_cannot_become_anyone_else(superuser: psycopg.Connection, role: str) -> None:
    (may,) = superuser.execute("SELECT pg_has_role('mydata_app', %s, 'MEMBER')", [role]).fetchone() or (True,)
    assert may is False
