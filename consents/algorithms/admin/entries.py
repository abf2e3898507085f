"""An entry of the register: what its desk shows and checks."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consents.admin.desk import Changed, Desk
from consents.admin.telling import Told
from consents.algorithms.admin.manners import report_told, said_of
from consents.algorithms.forms import EntryForm
from consents.algorithms.judging import judged, version_judged
from consents.algorithms.models import AlgorithmVersion
from consents.algorithms.publishing.drafting import approve, draft_entry, publish, send_back, send_for_approval
from consents.algorithms.reading import as_it_would_be
from consents.algorithms.sheets import changed_rows, page_of
from consents.manuscripts.faults import PublishingFault
from portal.staff.manners import ReadOnly


@admin.register(AlgorithmVersion)
class AlgorithmVersionAdmin(ReadOnly[AlgorithmVersion]):
    """Every version of every entry."""

    list_display = ("algorithm", "version", "state", "published_at", "sha256")
    list_filter = ("state", "algorithm")
    list_select_related = ("algorithm",)


class EntryDesk(Desk[AlgorithmVersion]):
    """What the register tells of an algorithm, with the facts and the data that it reads."""

    model = AlgorithmVersion
    noun, shelf, folder, title = "entry", "entries", "admin/algorithms/entry", _("The entry")
    draft = staticmethod(draft_entry)
    steps = {"send": send_for_approval, "approve": approve, "send_back": send_back, "publish": publish}

    def form(self, row: AlgorithmVersion, data: Any = None) -> EntryForm:
        """With the facts and the data."""
        return EntryForm(data, initial=EntryForm.initial_of(row.parts, row.facts, row.datasets, row.revision))

    def typed(self, row: AlgorithmVersion, form: EntryForm) -> Told:
        """The checks of it."""
        return report_told(judged(row.algorithm, form.parts(), form.facts(), form.datasets()))

    def saved(self, row: AlgorithmVersion) -> Told:
        """The checks of it."""
        return report_told(version_judged(row))

    def changed(self, step: Any, before: Any) -> tuple[list[Changed], bool]:
        """In the language of the page; the first version changed nothing."""
        if before is None:
            return [], False
        words = [(row.label, row.words) for row in changed_rows(step, before)]
        return words, step.datasets != sorted(before.datasets)

    def shown(self, row: AlgorithmVersion, language: str) -> dict[str, Any]:
        """The public page."""
        return page_of(as_it_would_be(row))

    def fault_text(self, fault: PublishingFault) -> str:
        """A sentence for whoever pressed."""
        return said_of(fault)


DESK = EntryDesk()
