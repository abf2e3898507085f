"""From idea to published text: each step, who may take it, and what the database refuses whoever asks."""

import json
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from consents.enums import Change, OldAnswers
from consents.lint import Rule
from consents.models import Purpose, PurposeDataset, PurposeText, TextStep
from consents.publishing import faults
from consents.publishing.versions import begin_version, publish
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.consents.conftest import (
    AT,
    KEEPER,
    approved,
    sent,
    staff,
    worded,
    written,
)

KINDS = ["purpose_made", "text_saved", "text_saved", "text_sent", "text_approved", "purpose_published"]


def _entries() -> list[dict[str, Any]]:
    with scope(Role.WORKER):
        rows = Entry.objects.filter(purpose="swimming-anew").order_by("id")
        return [json.loads(bytes(row.body)) for row in rows]


def test_a_purpose_uses_what_its_published_text_asks_for(draft: PurposeText) -> None:
    text = approved(written(draft))
    with staff():
        published = publish(text.pk, by=KEEPER, at=AT)
        data = PurposeDataset.objects.get(purpose=published.purpose)
    assert (data.needed, data.optional) == (["course", "starts_on"], ["place"])
    assert [entry["kind"] for entry in _entries()] == [f"consents.{kind}" for kind in KINDS]


@pytest.mark.security("V15.4.2")
def test_of_two_savings_in_one_moment_one_is_refused(loaded_city: None, committed_db: str) -> None:
    with staff():
        text = PurposeText.objects.get(purpose__slug="swimming-reminders")
        new = begin_version(
            text.purpose_id, change=Change.CLARIFICATION, old_answers=OldAnswers.STAND, by=KEEPER, at=AT
        )
    start, told = Barrier(2), list[str]()

    def save(words: str) -> None:
        start.wait()
        try:
            written(new, worded("fi", "risk", words))
            told.append("saved")
        except faults.SavedMeanwhile:
            told.append("refused")
        finally:
            connections.close_all()

    threads = [Thread(target=save, args=(words,)) for words in ("Joku näkee sen.", "Joku voi nähdä sen.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(told) == ["refused", "saved"]


@pytest.mark.parametrize(
    ("language", "part", "words", "rule"),
    [
        ("sv", "why", "", Rule.MISSING),
        ("en", "why", "It <b>sends</b> a reminder.", Rule.HTML),
        ("fi", "why", "Se muistuttaa\u202e sinua.", Rule.MARK),
        ("en", "how_long", "For three years.", Rule.NUMBERS),
    ],
)
def test_a_text_that_fails_its_lint_is_not_sent(
    draft: PurposeText, language: str, part: str, words: str, rule: Rule
) -> None:
    text = written(draft, worded(language, part, words))
    with pytest.raises(faults.LintFailed) as refused:
        sent(text)
    assert (language, part, rule) in {(each.language, each.part, each.rule) for each in refused.value.report.findings}
    assert _entries()[-1]["kind"] == "consents.text_saved"


def test_the_database_shows_another_department_and_lets_it_change_nothing(draft: PurposeText) -> None:
    with staff(("library",)):
        assert PurposeText.objects.filter(pk=draft.pk).update(lint_score=1) == 0
        assert Purpose.objects.filter(pk=draft.purpose_id).update(child_decides_from=1) == 0
        assert TextStep.objects.filter(text=draft).count() == 0


def _refused(statement: str, parameters: list[Any]) -> str:
    with pytest.raises(DatabaseError) as refused, staff(), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, parameters)
    return str(refused.value)


def test_a_published_text_is_frozen_by_the_database(draft: PurposeText) -> None:
    text = approved(written(draft))
    with staff():
        publish(text.pk, by=KEEPER, at=AT)
    for change in (
        "parts = jsonb_set(parts, '{fi,why}', '\"x\"')",
        "scope = '{}'",
        "approved_by = 'x'",
        "state = 'draft'",
        "published_at = NULL",
        "old_answers = 'ended', change = 'change'",
    ):
        assert "frozen" in _refused(f"UPDATE consents_purposetext SET {change} WHERE id = %s", [text.pk])


def test_a_text_that_was_sent_is_frozen_until_it_is_sent_back(draft: PurposeText) -> None:
    text = sent(written(draft))
    change = "UPDATE consents_purposetext SET parts = jsonb_set(parts, '{fi,why}', '\"x\"') WHERE id = %s"
    assert "frozen" in _refused(change, [text.pk])


@pytest.mark.parametrize("lacking", ["parts - 'sv'", "jsonb_set(parts, '{sv,why}', '\" \"')", "parts #- '{sv,risk}'"])
def test_nothing_is_published_without_swedish_even_by_sql(described: None, lacking: str) -> None:
    statement = f"""INSERT INTO consents_purposetext
        (id, purpose_id, version, parts, sha256, state, revision, change, old_answers, drafted_by, sent_by, approved_by,
         published_at)
        SELECT gen_random_uuid(), purpose_id, 9, {lacking}, sha256, 'superseded', 1, '', '', 'catalogue', '', '', now()
        FROM consents_purposetext t JOIN consents_purpose p ON p.id = t.purpose_id
        WHERE p.slug = 'swimming-reminders'"""
    assert "published_text_is_whole_in_three_languages" in _refused(statement, [])


def test_nothing_is_published_unapproved_even_by_sql(draft: PurposeText) -> None:
    text = written(draft)
    change = "UPDATE consents_purposetext SET state = 'published', published_at = now() WHERE id = %s"
    assert "only an approved text is published" in _refused(change, [text.pk])
    own = "UPDATE consents_purposetext SET approved_by = drafted_by WHERE id = %s"
    assert "nobody_approves_a_text_of_their_own" in _refused(own, [text.pk])


def test_what_was_done_cannot_be_undone(draft: PurposeText) -> None:
    with pytest.raises(DatabaseError), staff(), transaction.atomic():
        TextStep.objects.filter(text=draft).update(by="someone else")
