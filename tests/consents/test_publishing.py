"""From idea to published text: each step, who may take it, and what the database refuses whoever asks."""

import json
from dataclasses import replace
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import DatabaseError, connection, connections, transaction

from consents.enums import Change, OldAnswers, TextState
from consents.lint import Rule
from consents.models import Purpose, PurposeDataset, PurposeText, TextStep
from consents.publishing import faults
from consents.publishing.drafting import approve, draft_text, send_back, send_for_approval
from consents.publishing.versions import begin_version, publish
from portal.ledger.models import Entry
from portal.walls import Role, scope
from tests.consents.conftest import (
    AT,
    COLLEAGUE,
    KEEPER,
    OFFICER,
    SCOPE,
    approved,
    officer,
    sent,
    staff,
    swimming,
    worded,
    written,
)

KINDS = ["purpose_made", "text_saved", "text_saved", "text_sent", "text_approved", "purpose_published"]


def _entries() -> list[dict[str, Any]]:
    with scope(Role.WORKER):
        rows = Entry.objects.filter(purpose="swimming-anew").order_by("id")
        return [json.loads(bytes(row.body)) for row in rows]


def test_from_idea_to_published_text(draft: PurposeText) -> None:
    text = approved(written(draft))
    with staff():
        published = publish(text.pk, by=KEEPER, at=AT)
        data = PurposeDataset.objects.get(purpose=published.purpose)
        steps = list(TextStep.objects.filter(text=text).values_list("kind", "by", "revision"))
    assert (published.state, published.published_at, published.version) == (TextState.PUBLISHED, AT, 1)
    assert (published.drafted_by, published.sent_by, published.approved_by) == ("keeper-1", "keeper-1", "officer")
    assert 50 <= (published.lint_score or 0) <= 100
    assert (data.needed, data.optional) == (["course", "starts_on"], ["place"])
    assert steps == [
        ("saved", "keeper-1", 1),
        ("saved", "keeper-1", 2),
        ("sent", "keeper-1", 2),
        ("approved", "officer", 2),
        ("published", "keeper-1", 2),
    ]
    entries = _entries()
    assert [entry["kind"] for entry in entries] == [f"consents.{kind}" for kind in KINDS]
    # The log tells which parts changed, and no word of them.
    assert "fi.why" in entries[2]["counts"]["changed"]
    assert swimming()["fi"]["why"] not in json.dumps(entries, ensure_ascii=False)


def test_what_does_not_differ_is_not_saved(draft: PurposeText) -> None:
    first = written(draft)
    again = written(first)
    assert (again.revision, len(_entries())) == (2, 3)


def test_the_later_of_two_savings_is_refused(draft: PurposeText) -> None:
    written(draft)
    with pytest.raises(faults.SavedMeanwhile):
        written(draft, worded("fi", "why", "Toinen teksti."), by=COLLEAGUE)
    with staff():
        assert PurposeText.objects.get(pk=draft.pk).parts == swimming()


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


def test_what_is_sent_is_what_was_read(draft: PurposeText) -> None:
    written(draft)
    with pytest.raises(faults.SavedMeanwhile), staff():
        send_for_approval(draft.pk, revision=1, by=KEEPER, at=AT)


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


def test_whoever_wrote_or_sent_a_text_does_not_approve_it(draft: PurposeText) -> None:
    both = replace(KEEPER, role="dpo keeper")
    sender = replace(COLLEAGUE, role="dpo keeper")
    text = sent(written(draft, by=both), by=sender)
    for writer in (both, sender):
        with pytest.raises(faults.OwnText), officer():
            approve(text.pk, by=writer, at=AT)


def test_an_earlier_writer_does_not_approve_either(draft: PurposeText) -> None:
    early = replace(COLLEAGUE, role="dpo")
    first = written(draft, by=early)
    text = sent(written(first, worded("fi", "risk", "Joku voi nähdä viestin.")))
    with pytest.raises(faults.OwnText), officer():
        approve(text.pk, by=early, at=AT)


def test_only_the_officer_approves_and_sends_back(draft: PurposeText) -> None:
    text = sent(written(draft))
    with staff():
        with pytest.raises(faults.NotTheOfficer):
            approve(text.pk, by=COLLEAGUE, at=AT)
        with pytest.raises(faults.NotTheOfficer):
            send_back(text.pk, reason="Why?", by=COLLEAGUE, at=AT)


def test_a_text_is_sent_back_with_a_reason_and_mended(draft: PurposeText) -> None:
    text = approved(written(draft))
    with officer():
        with pytest.raises(faults.ReasonMissing):
            send_back(text.pk, reason=" ", by=OFFICER, at=AT)
        back = send_back(text.pk, reason="Say who sees the message.", by=OFFICER, at=AT)
        assert TextStep.objects.filter(text=text).last().reason == "Say who sees the message."  # type: ignore[union-attr]
    assert (back.state, back.sent_by, back.approved_by, back.approved_at) == (TextState.DRAFT, "", "", None)
    assert "message" not in json.dumps(_entries()[-1])
    assert written(back, worded("fi", "risk", "Joku voi nähdä viestin.")).revision == 3


def test_another_department_writes_no_text_of_this_one(draft: PurposeText) -> None:
    library = replace(COLLEAGUE, unit="library")
    with pytest.raises(faults.NotYours), officer():
        draft_text(draft.pk, parts=swimming(), scope=SCOPE, revision=1, by=library, at=AT)


def test_the_database_shows_another_department_and_lets_it_change_nothing(draft: PurposeText) -> None:
    with staff(("library",)):
        assert PurposeText.objects.filter(pk=draft.pk).update(lint_score=1) == 0
        assert Purpose.objects.filter(pk=draft.purpose_id).update(child_decides_from=1) == 0
        assert TextStep.objects.filter(text=draft).count() == 0


def test_data_that_is_not_in_the_catalogue_is_not_asked_for(draft: PurposeText) -> None:
    odd = {"sports-courses": {"needed": ["shoe_size"], "optional": []}}
    with pytest.raises(faults.NoSuchData), staff():
        draft_text(draft.pk, parts=swimming(), scope=odd, revision=1, by=KEEPER, at=AT)


@pytest.mark.parametrize("step", [approve, publish])
def test_no_step_is_left_out(draft: PurposeText, step: Any) -> None:
    text = written(draft)
    with pytest.raises(faults.NotNow), officer():
        step(text.pk, by=replace(OFFICER, unit="sports"), at=AT)


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
