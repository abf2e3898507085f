"""Lists of the back office that grow with the city: none of them is counted to its end for one page."""

import pytest
from django.contrib import admin
from django.db import connection

from consents.models import Telling
from portal.staff.apps import find_pages
from portal.staff.manners import FirstPages, NoAddingNorDeleting
from portal.walls import Role, scope
from tests.staffing import Hire, hire

__all__ = ["hire"]


def test_no_list_is_counted_to_its_end() -> None:
    find_pages()
    pages = [page for page in admin.site._registry.values() if isinstance(page, NoAddingNorDeleting)]
    assert len(pages) > 20
    assert {(page.paginator, page.show_full_result_count) for page in pages} == {(FirstPages, False)}


def test_a_long_list_says_that_it_goes_on(hire: Hire, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FirstPages, "MOST", 2)
    auditor = hire("auditor", "*")
    page = hire("keeper", "*").get("/admin/datasources/dataset/")
    assert page.context["cl"].result_count == 2
    assert "No more than 2 rows are listed. The filters find the others.</p>" in page.content.decode()
    monkeypatch.setattr(FirstPages, "MOST", 0)
    # One that has no filters.
    assert "No more than 0 rows are listed.</p>" in auditor.get("/admin/ledger/cosignature/").content.decode()


def test_what_systems_were_told_is_not_sorted_whole_for_a_page(loaded_city: None, db: None) -> None:
    with scope(Role.STAFF, departments=["*"]):
        with connection.cursor() as cursor:
            # As for a long table: of an empty one, any way costs the same.
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_sort = off")
        plan = Telling.objects.order_by("due_at", "-pk")[:50].explain()
    assert "telling_by_day" in plan
