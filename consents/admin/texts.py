"""A text of a purpose: what its desk shows and checks."""

from typing import Any

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from consents.admin.desk import Changed, Desk
from consents.admin.preview import question_shown
from consents.admin.telling import Told, fault_text, told
from consents.forms import LABELS, LANGUAGE_NAMES, TextForm
from consents.lint import lint
from consents.manuscripts.faults import PublishingFault
from consents.models import PurposeText
from consents.publishing.differences import differences
from consents.publishing.drafting import approve, draft_text, linted, send_back, send_for_approval
from consents.publishing.scopes import facts_of, scope_of, sorted_scope
from consents.publishing.versions import publish
from portal.staff.manners import ReadOnly


@admin.register(PurposeText)
class PurposeTextAdmin(ReadOnly[PurposeText]):
    """Every version of every text."""

    list_display = ("purpose", "version", "state", "published_at", "sha256")
    list_filter = ("state", "purpose")
    list_select_related = ("purpose",)


class TextDesk(Desk[PurposeText]):
    """The question that residents are asked, and the data that it asks for."""

    model = PurposeText
    noun, shelf, folder, title = "text", "texts", "admin/consents/text", _("The text")
    draft = staticmethod(draft_text)
    steps = {"send": send_for_approval, "approve": approve, "send_back": send_back, "publish": publish}

    def form(self, row: PurposeText, data: Any = None) -> TextForm:
        """With the data asked for."""
        return TextForm(data, initial=TextForm.initial_of(row.parts, scope_of(row), row.revision))

    def typed(self, row: PurposeText, form: TextForm) -> Told:
        """The lint of it."""
        return told(lint(facts_of(row.purpose, sorted_scope(form.scope())), form.parts()))

    def saved(self, row: PurposeText) -> Told:
        """The lint of it."""
        return told(linted(row))

    def changed(self, step: Any, before: Any) -> tuple[list[Changed], bool]:
        """Part by part; the first version is compared with an empty one."""
        parts, scope = (before.parts, before.scope) if before else ({}, {})
        words: list[Changed] = [
            (f"{LABELS[each.part]}, {LANGUAGE_NAMES[each.language]}", each.words)
            for each in differences(parts, step.parts)
        ]
        # What came with the catalogue names no data of its own: there is nothing to compare with.
        return words, scope is not None and sorted_scope(scope) != sorted_scope(step.scope)

    def shown(self, row: PurposeText, language: str) -> dict[str, Any]:
        """The page of the question."""
        return question_shown(row, language)

    def fault_text(self, fault: PublishingFault) -> str:
        """A sentence for whoever pressed."""
        return fault_text(fault)


DESK = TextDesk()
