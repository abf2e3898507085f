"""A web interface, tried as the portal reads it: by the connector itself."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from datasources.conformance.findings import Case, Findings
from datasources.connectors.rest.connector import RestConnector
from datasources.connectors.rest.shape import Settings, settings_of
from datasources.errors import Refused, SourceFault
from datasources.protocol import Holding, Limits
from portal.keys.indexes import NotAnIdentityCode, normal_identity_code

_WRONG = "wrong-on-purpose"
_FIELD_OF = {"secret": "client_secret", "api_key": "api_key"}


def try_rest(case: Case, limits: Limits) -> Findings:
    """Everything that the portal asks of a web interface, each dataset in turn, then the way in."""
    found = Findings()
    with found.looking_at("The settings"):
        settings = settings_of(case.settings, case.secrets)
        for dataset in case.mapping:
            _try_dataset(found, case, limits, dataset)
        _try_way_in(found, case, limits, settings)
    return found


@contextmanager
def _opened(case: Case, limits: Limits, **secrets: str) -> Iterator[RestConnector]:
    connector = RestConnector(case.settings, case.secrets | secrets, case.mapping, limits)
    try:
        yield connector
    finally:
        connector.close()


def _try_dataset(found: Findings, case: Case, limits: Limits, dataset: str) -> None:
    with found.looking_at(f"The listing of {dataset}"), _opened(case, limits) as connector:
        _try_listing(found, connector, dataset)
    with _opened(case, limits) as connector:
        if not connector.finds_one(dataset):
            found.note(f"{dataset} has no search, so the whole listing is read each time.")
            return
        with found.looking_at(f"The search in {dataset} for a person who is there"):
            _try_person(found, connector.one(dataset, case.person), case, dataset)
        with found.looking_at(f"The search in {dataset} for a person who is not there"):
            strange = connector.one(dataset, case.stranger)
            found.weigh(
                f"The search in {dataset} answers an empty list about a person of whom it holds nothing.",
                holds=not strange,
                otherwise=f"The search in {dataset} answers records about a person of whom it holds nothing.",
            )


def _try_listing(found: Findings, connector: RestConnector, dataset: str) -> None:
    people = rows = strange = 0
    with connector.parts(dataset) as parts:
        for holding in (each for part in parts for each in part):
            people, rows = people + 1, rows + holding.row_count
            strange += not _is_code(holding.key)
    found.weigh(
        f"The listing of {dataset} is read to its end: {rows} records of {people} people, with every field named.",
        holds=people > 0,
        otherwise=f"The listing of {dataset} is empty, so nothing can be said of its fields.",
    )
    found.weigh(
        f"Every record of {dataset} names its person by an identity code.",
        holds=not strange,
        otherwise=f"{strange} of {people} people in {dataset} are named by something that is no identity code. "
        "The portal passes such records over.",
    )
    if not connector.mark(dataset).seen:
        found.note(f"{dataset} tells neither ETag nor Last-Modified, so unchanged data is read again each time.")


def _is_code(key: str) -> bool:
    try:
        normal_identity_code(key)
    except NotAnIdentityCode:
        return False
    return True


def _try_person(found: Findings, holdings: Sequence[Holding], case: Case, dataset: str) -> None:
    found.weigh(
        f"The search in {dataset} finds the test person.",
        holds=bool(holdings),
        otherwise=f"The search in {dataset} does not find the test person.",
    )
    found.weigh(
        f"The search in {dataset} answers about nobody else.",
        holds=all(holding.key == case.person for holding in holdings),
        otherwise=f"The search in {dataset} answers about someone else. The portal throws such answers away.",
    )


def _try_way_in(found: Findings, case: Case, limits: Limits, settings: Settings) -> None:
    """Whoever shows a wrong secret is refused."""
    if settings.auth == "none" and not settings.certificate:
        found.weigh("", holds=False, otherwise="The interface asks nobody who they are.")
        return
    name = _FIELD_OF.get(settings.auth)
    if name is None:
        found.note("Whether another key or certificate is refused was not tried.")
        return
    try:
        with _opened(case, limits, **{name: _WRONG}) as connector:
            list(connector.look(next(iter(case.mapping)), people=1))
    except Refused:
        found.weigh("Whoever shows a wrong secret is refused.", holds=True, otherwise="")
    except SourceFault as fault:
        otherwise = f"A wrong secret is not answered by 401: the portal reads the answer as “{fault}”"
        found.weigh("", holds=False, otherwise=otherwise)
    else:
        found.weigh("", holds=False, otherwise="Whoever shows a wrong secret is let in.")
