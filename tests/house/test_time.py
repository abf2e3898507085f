"""Time is an argument, and every time stamp says what it is and carries its zone."""

import ast
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import DateTimeField

from tests.house.sources import PRODUCT, product_code

# Who may look at the clock: whoever is called from outside.
EDGES = {"views.py", "tasks.py", "admin.py", "api.py"}
ALSO_EDGES = {
    Path("portal/people/accounts.py"): "allauth calls it",
    Path("portal/people/suomifi/adapter.py"): "allauth calls it",
    Path("portal/people/doors.py"): "middleware",
    Path("portal/pages/door.py"): "around every personal view",
    Path("portal/pages/fresh.py"): "in front of views that act",
    Path("portal/pages/own_devices.py"): "around every page about a watch",
    Path("portal/servicepoint/door.py"): "around every view of whom staff have open",
    Path("portal/rest/tokens.py"): "Authlib calls it",
    Path("portal/staff/log.py"): "the admin asks it for alarms",
    Path("portal/rest/idempotency.py"): "around every view that changes something",
}
# An event's own time, the two ends of a period, and what Django named.
OTHER_NAMES = {"at", "valid_from", "valid_until", "last_login", "date_joined"}


# An hour of every day, by the clock on the wall here.
WALL_CLOCK = {("datasources_source", "quiet_from"), ("datasources_source", "quiet_until")}


def _looks_at_the_clock(tree: ast.Module) -> bool:
    return any(
        isinstance(node, ast.Attribute)
        and node.attr in {"now", "utcnow", "today"}
        and isinstance(node.value, ast.Name)
        and node.value.id in {"timezone", "datetime", "date"}
        for node in ast.walk(tree)
    )


def test_only_the_edges_look_at_the_clock() -> None:
    looking = [
        path
        for path, tree in product_code()
        if _looks_at_the_clock(tree)
        and path.name not in EDGES
        and not {"views", "commands", "admin", "api"} & set(path.parts)
        and path not in ALSO_EDGES
    ]
    assert looking == []


def test_time_stamps_end_in_at() -> None:
    odd = [
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.split(".")[0] in PRODUCT
        for field in model._meta.local_fields
        if isinstance(field, DateTimeField) != field.name.endswith("_at") and field.name not in OTHER_NAMES
    ]
    assert odd == []


@pytest.mark.django_db
def test_every_time_stamp_in_the_database_carries_a_zone() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT table_name, column_name FROM information_schema.columns
               WHERE table_schema IN ('public', 'keys')
               AND data_type IN ('timestamp without time zone', 'time without time zone')"""
        )
        assert set(cursor.fetchall()) == WALL_CLOCK
