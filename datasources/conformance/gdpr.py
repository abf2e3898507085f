"""A GDPR API of the contract that city profiles share, tried as the portal reads it. Nothing is erased by it."""

from collections.abc import Sequence
from typing import Any
from uuid import uuid4

import msgspec

from datasources.conformance.findings import Case, Findings
from datasources.connectors.gdpr_api.client import Client
from datasources.connectors.gdpr_api.connector import GdprApiConnector
from datasources.connectors.gdpr_api.shape import Settings, settings_of
from datasources.connectors.gdpr_api.tokens import Tokens
from datasources.errors import Declined
from datasources.protocol import Holding, Limits

_REHEARSAL = {"dry_run": "true"}
_KEEPS_OUT = {401, 403}


def try_gdpr(case: Case, limits: Limits) -> Findings:
    """Asking, asking about nobody, asking without a token, and a rehearsal of erasing.

    The ids of both people stand in the secret `ids`, as for a service account; a stranger without one gets a new id.
    """
    found = Findings()
    with found.looking_at("The settings"):
        secrets = case.secrets | {"ids": _with_stranger(case)}
        settings = settings_of(case.settings, secrets)
        connector = GdprApiConnector(case.settings, secrets, case.mapping, limits)
        try:
            before = _try_reading(found, connector, case)
            _try_stranger(found, connector, case)
            _try_rehearsal(found, connector, case)
        finally:
            connector.close()
        _try_what_is_left(found, case, limits, secrets, before)
        _try_keeping_out(found, settings, case, limits)
    return found


def _with_stranger(case: Case) -> str:
    ids: dict[str, Any] = msgspec.json.decode(case.secrets.get("ids", "{}"))
    return msgspec.json.encode({case.stranger: str(uuid4())} | ids).decode()


def _held(connector: GdprApiConnector, case: Case) -> dict[str, Sequence[Holding]]:
    return {dataset: connector.one(dataset, case.person) for dataset in case.mapping}


def _try_reading(found: Findings, connector: GdprApiConnector, case: Case) -> dict[str, Sequence[Holding]]:
    held: dict[str, Sequence[Holding]] = {}
    with found.looking_at("GET about a person who is there"):
        held = _held(connector, case)
        rows = sum(each.row_count for holdings in held.values() for each in holdings)
        found.weigh(
            f"GET answers a tree with every field named: {rows} records in {len(held)} datasets.",
            holds=rows > 0,
            otherwise="GET answers that there is nothing on the test person.",
        )
        found.weigh(
            "The tree says that it is about the person who was asked about.",
            holds=all(each.key == case.person for holdings in held.values() for each in holdings),
            otherwise="The tree says that it is about someone else. The portal throws such answers away.",
        )
    return held


def _try_stranger(found: Findings, connector: GdprApiConnector, case: Case) -> None:
    with found.looking_at("GET about a person who is not there"):
        strange = [each for dataset in case.mapping for each in connector.one(dataset, case.stranger)]
        found.weigh(
            "GET answers 204 or 404 about a person of whom there is nothing.",
            holds=not strange,
            otherwise="GET answers data about a person of whom there is nothing.",
        )


def _try_rehearsal(found: Findings, connector: GdprApiConnector, case: Case) -> None:
    with found.looking_at("DELETE with dry_run=true"):
        try:
            connector.may_erase(case.person)
        except Declined as declined:
            found.note(str(declined))
            whole = all(reason.fi and reason.sv and reason.en for reason in declined.reasons)
            known = all(reason.code != "unknown" for reason in declined.reasons)
            found.weigh(
                "Each reason to decline has a code, and words in Finnish, Swedish and English.",
                holds=whole and known,
                otherwise="A reason to decline lacks its code, or its words in Finnish, Swedish or English.",
            )
        else:
            found.weigh("DELETE with dry_run=true answers that the data may be erased.", holds=True, otherwise="")


def _try_what_is_left(
    found: Findings, case: Case, limits: Limits, secrets: dict[str, str], before: dict[str, Sequence[Holding]]
) -> None:
    """By a connector of its own: the first one keeps what it has read."""
    connector = GdprApiConnector(case.settings, secrets, case.mapping, limits)
    try:
        with found.looking_at("GET after the dry run"):
            found.weigh(
                "The dry run erased nothing.",
                holds=_held(connector, case) == before,
                otherwise="After the dry run GET answers something else: a dry run must not change anything.",
            )
    finally:
        connector.close()


def _try_keeping_out(found: Findings, settings: Settings, case: Case, limits: Limits) -> None:
    """Without a token, and with a ticket to read, shown to erase."""
    client = Client(limits)
    try:
        with found.looking_at("Asking without the right token"):
            tokens = Tokens(settings, client)
            subject = tokens.subject(case.person)
            address = settings.address_of(subject.id)
            bare = client.send("GET", address).status
            found.weigh(
                "GET without a token is refused.",
                holds=bare in _KEEPS_OUT,
                otherwise=f"GET without a token is answered by {bare}, not by 401.",
            )
            ticket = tokens.ticket(subject, settings.query_scope)
            wrong = client.send("DELETE", address, bearer=ticket, query=_REHEARSAL, form=_REHEARSAL).status
            found.weigh(
                "A token to read does not erase.",
                holds=wrong in _KEEPS_OUT,
                otherwise=f"DELETE with a token to read is answered by {wrong}, not by 401 or 403.",
            )
    finally:
        client.close()
