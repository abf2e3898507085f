"""Receipts: one for every answer and every end, whole, signed, and sealed under the person's own key."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from consents.enums import OldAnswers
from consents.models import Receipt
from consents.receipts.reading import opened, receipts_of
from consents.receipts.record import hashed
from consents.receipts.verifying import verify
from datasources.models import Field, Register
from demo.people import everyone
from portal.walls import Role, scope
from tests.consents.asked import DAYS, NEEDED, NOW, OPTIONAL, Asked

pytestmark = pytest.mark.usefixtures("described", "db")
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def files_of(asked: Asked) -> list[bytes]:
    """What was handed to this resident, oldest first."""
    with scope(Role.RESIDENT, persons=[asked.person]):
        return [opened(receipt).file for receipt in receipts_of(asked.person)]


def _given(asked: Asked) -> None:
    asked.give(OPTIONAL, at=NOW + HOUR)


def _refused(asked: Asked) -> None:
    asked.refuse(at=NOW + HOUR)


def _changed(asked: Asked) -> None:
    asked.give(OPTIONAL, at=NOW + HOUR)
    asked.change([], at=NOW + 2 * HOUR)


def _renewed(asked: Asked) -> None:
    asked.give(at=NOW)
    asked.renew(at=NOW + timedelta(days=DAYS - 30))


def _withdrawn(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    asked.withdraw(at=NOW + 2 * HOUR)


def _expired(asked: Asked) -> None:
    asked.give(at=NOW)
    assert asked.expire_due(at=NOW + timedelta(days=DAYS)) == 1


def _superseded(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    asked.publish(at=NOW + DAY, old_answers=OldAnswers.ENDED)
    asked.settle(at=NOW + DAY)


def _terminated(asked: Asked) -> None:
    asked.give(at=NOW + HOUR)
    with scope(Role.STAFF, departments=["*"]):
        asked.purpose.closed_at = NOW + DAY
        asked.purpose.save()
    asked.settle(at=NOW + DAY)


LIVES: dict[str, Callable[[Asked], None]] = {
    "given": _given,
    "refused": _refused,
    "changed": _changed,
    "renewed": _renewed,
    "withdrawn": _withdrawn,
    "expired": _expired,
    "superseded": _superseded,
    "terminated": _terminated,
}


@pytest.mark.parametrize("what", LIVES)
def test_every_answer_and_every_end_has_a_receipt_as_the_schema_says(what: str) -> None:
    asked = Asked()
    LIVES[what](asked)
    kinds = [verify(file).receipt["event_type"] for file in files_of(asked)]
    assert kinds == (["given", what] if what not in {"given", "refused"} else [what])


def test_a_question_and_a_hold_have_none() -> None:
    asked = Asked()
    asked.give(at=NOW)
    asked.suspend(at=NOW + HOUR)
    asked.resume(at=NOW + 2 * HOUR)
    assert len(files_of(asked)) == 1


def test_it_tells_what_is_covered_and_every_event_so_far() -> None:
    asked = Asked()
    asked.give(OPTIONAL, at=NOW + HOUR)
    asked.change(OPTIONAL[:1], at=NOW + 2 * HOUR)
    receipt = verify(files_of(asked)[-1]).receipt
    record = receipt["consent_record"]
    (data,) = record["pii_processing"]["pii_information"]
    covered = {each["pii_attribute_id"] for each in data["attributes"] if each["covered"]}
    assert covered == {*NEEDED, OPTIONAL[0]}
    assert [event["event_type"] for event in record["events"]] == ["requested", "given", "changed"]
    assert receipt["event_hash"] == hashed(record["events"][-1])
    assert record["pii_processing"]["privacy_notice"]["hash"] == asked.text.sha256


def test_the_hash_and_the_entry_are_those_of_the_event_that_is_kept() -> None:
    asked = Asked()
    asked.give(at=NOW)
    receipt = verify(files_of(asked)[0]).receipt
    assert receipt["ledger"]["entry_id"] == str(asked.events[-1].entry_id)


def test_a_field_without_a_label_and_a_register_without_a_word_still_make_a_whole_receipt() -> None:
    asked = Asked()
    with scope(Role.STAFF, departments=["*"]):
        field = Field.objects.get(dataset__slug="sports-courses", slug="place")
        unlabelled: dict[str, Any] = {"label_fi": "", "label_sv": None, "label_en": ""}
        Field.objects.filter(pk=field.pk).update(**unlabelled)
        silent: dict[str, Any] = {"origin_sv": None}
        Register.objects.filter(pk=field.dataset.register_id).update(**silent)
    asked.give(OPTIONAL, at=NOW)
    (data,) = verify(files_of(asked)[0]).receipt["consent_record"]["pii_processing"]["pii_information"]
    names = {each["pii_attribute_id"]: each["name"] for each in data["attributes"]}
    assert names["sports-courses.place"] == {"fi": "place", "sv": "place", "en": "place"}


def test_no_code_no_name_and_no_id_of_the_person_stands_in_it() -> None:
    asked = Asked()
    _changed(asked)
    whole = b"".join(files_of(asked)).decode()
    secrets = {str(asked.person), asked.person.hex, *(person.identity_code for person in everyone())}
    assert [secret for secret in secrets if secret in whole] == []


def test_one_person_has_one_pseudonym_and_nobody_elses() -> None:
    one, other = Asked(), Asked()
    _changed(one)
    _given(other)
    mine = {verify(file).receipt["consent_record"]["pii_principal_id"] for file in files_of(one)}
    theirs = {verify(file).receipt["consent_record"]["pii_principal_id"] for file in files_of(other)}
    assert (len(mine), mine & theirs) == (1, set())


def test_at_rest_it_is_sealed_and_never_changed() -> None:
    asked = Asked()
    asked.give(at=NOW)
    with scope(Role.RESIDENT, persons=[asked.person]):
        receipt = receipts_of(asked.person).get()
        assert b"consent_record" not in bytes(receipt.sealed)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT has_table_privilege('consents_receipt', 'UPDATE'), "
                "has_table_privilege('consents_receipt', 'DELETE')"
            )
            assert cursor.fetchone() == (False, False)


def test_another_resident_reads_no_receipt_of_mine() -> None:
    asked, other = Asked(), Asked()
    asked.give(at=NOW)
    with scope(Role.RESIDENT, persons=[other.person]):
        assert not Receipt.objects.exists()


def test_many_that_run_out_at_once_each_have_their_receipt() -> None:
    several = [Asked() for _ in range(3)]
    for asked in several:
        asked.give(at=NOW)
    with scope(Role.WORKER):
        assert several[0].expire_due(at=NOW + timedelta(days=DAYS)) == 3
    assert [len(files_of(asked)) for asked in several] == [2, 2, 2]
