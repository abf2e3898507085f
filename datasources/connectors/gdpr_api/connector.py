"""A GDPR API, open."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NoReturn

from datasources.connectors.gdpr_api import offering
from datasources.connectors.gdpr_api.client import Answer, Client
from datasources.connectors.gdpr_api.shape import settings_of, shape_of
from datasources.connectors.gdpr_api.tokens import Subject, Tokens
from datasources.connectors.gdpr_api.tree import Node, keys_of, rows_of, tree_of
from datasources.errors import Garbled, MisSet, Refused, SourceFault, Unreachable
from datasources.glimpses import Glimpse, Place
from datasources.protocol import Holding, Limits, Whole, declined, holding

_OK, _NOTHING, _UNAUTHORIZED, _FORBIDDEN, _SWITCHED_OFF = 200, (204, 404), 401, 403, 501
_NOBODY = 404
# The word itself: services take neither `True` nor `1` for a rehearsal, and would erase.
_REHEARSAL = {"dry_run": "true"}


class GdprApiConnector(Whole):
    """`mapping` is `{dataset: {rows, key, columns}}` with paths of keys.

    The API knows a person by an id of its own, which their token tells: whoever opens the connector for a person who is
    here calls `introduce` first. A service account asks about those whose ids stand in the secrets.
    """

    def __init__(
        self, settings: dict[str, Any], secrets: dict[str, str], mapping: dict[str, Any], limits: Limits
    ) -> None:
        self._settings = settings_of(settings, secrets)
        self._client = Client(limits)
        self._tokens = Tokens(self._settings, self._client)
        self._mapping = mapping
        self._trees: dict[str, Node | None] = {}

    def introduce(self, identity_code: str, code: str, *, redirect_uri: str, verifier: str) -> None:
        """A person who is here came back from the token server with this authorization code."""
        self._tokens.introduce(identity_code, code, redirect_uri=redirect_uri, verifier=verifier)

    def everyone(self, dataset: str) -> Iterator[Holding]:
        """Those whose ids stand in the secrets, one request each. MisSet without: the API has no list of people.

        To yield nothing would say that the system holds nothing on anybody.
        """
        self._hold_ids()
        for identity_code in self._settings.ids or ():
            yield from self.one(dataset, identity_code)

    def one(self, dataset: str, identity_code: str) -> Sequence[Holding]:
        """The person's rows, under the key that the tree itself tells; one request however many datasets."""
        shape = shape_of(dataset, self._mapping[dataset])
        subject = self._tokens.subject(identity_code)
        if identity_code not in self._trees:
            self._trees[identity_code] = self._tree(subject)
        tree = self._trees[identity_code]
        if tree is None:
            return []
        keys, rows = keys_of(tree, shape), rows_of(tree, shape)
        # An answer about others is handed on even when it holds no row: the caller tells it by its key.
        own = [identity_code if key.lower() == subject.id.lower() else key for key in keys]
        return [holding(key, shape.selected, rows) for key in own if rows or key != identity_code]

    def may_erase(self, identity_code: str) -> bool:
        """A rehearsal of `erase`: whether there is anything; Declined says why it may not be."""
        return self._delete(self._tokens.subject(identity_code), rehearsal=True)

    def erase(self, identity_code: str) -> bool:
        """Have all of this person's data erased, after a rehearsal went well; Declined says why it was not."""
        subject = self._tokens.subject(identity_code)
        there = self._delete(subject, rehearsal=True) and self._delete(subject, rehearsal=False)
        self._trees.pop(identity_code, None)
        return there

    def can_erase(self, datasets: Collection[str]) -> bool:
        """All that the service holds, or nothing."""
        return self._settings.erases and set(self._mapping) <= set(datasets)

    def rehearse_erasure(self, datasets: Collection[str], identity_code: str) -> int | None:
        """The service tells no counts, only that there is nobody (404)."""
        return None if self.may_erase(identity_code) else 0

    def erase_records(self, datasets: Collection[str], identity_code: str, *, reference: str) -> int | None:
        """Whom the service does not know any more is not erased again."""
        return None if self.erase(identity_code) else 0

    def places(self) -> Iterator[Place]:
        """The API is one tree."""
        return iter(())

    def glimpse(self, where: Mapping[str, Any]) -> Glimpse:
        """The trees of the first few whose ids stand in the secrets."""
        self._hold_ids()
        trees = []
        for code in islice(self._settings.ids or {}, offering.MOST_PEOPLE):
            subject = self._tokens.subject(code)
            if (tree := self._tree(subject)) is not None:
                trees.append((tree, {code.casefold(), subject.id.casefold()}))
        return offering.glimpse(trees, str(where.get("rows") or ""))

    def _hold_ids(self) -> None:
        if not self._settings.ids:
            raise MisSet("A GDPR API has no list of people: only those whose ids are set can be asked about here.")

    def close(self) -> None:
        """Close the connections; the tokens go with them."""
        self._client.close()

    def _tree(self, subject: Subject) -> Node | None:
        answer = self._ask("GET", subject, self._settings.query_scope)
        if answer.status in _NOTHING:
            return None
        if answer.status != _OK:
            _fail(answer)
        if "json" not in answer.kind:
            raise Garbled("The GDPR API answered with a page, not with data.")
        return tree_of(answer.content)

    def _delete(self, subject: Subject, *, rehearsal: bool) -> bool:
        words = _REHEARSAL if rehearsal else None
        answer = self._ask("DELETE", subject, self._settings.delete_scope, words)
        if answer.status not in {_OK, *_NOTHING}:
            _fail(answer)
        return answer.status != _NOBODY

    def _ask(self, method: str, subject: Subject, scope: str, words: dict[str, str] | None = None) -> Answer:
        address = self._settings.address_of(subject.id)
        for _ in range(2):
            ticket = self._tokens.ticket(subject, scope)
            answer = self._client.send(method, address, bearer=ticket, query=words, form=words)
            if answer.status != _UNAUTHORIZED:
                return answer
            self._tokens.forget(subject, scope)
        raise Refused("The GDPR API does not take the person's token.")


def _fail(answer: Answer) -> NoReturn:
    if answer.status == _FORBIDDEN:
        raise _forbidden(answer)
    if answer.status == _SWITCHED_OFF:
        raise Unreachable("The department has switched its GDPR API off (HTTP 501).")
    if answer.status >= 500:  # noqa: PLR2004 - HTTP
        raise Unreachable("The GDPR API is out of order (HTTP {status}).", status=answer.status)
    raise Garbled("The GDPR API answered HTTP {status}.", status=answer.status)


def _forbidden(answer: Answer) -> SourceFault:
    try:
        refusal = declined(answer.object())
    except Garbled:
        refusal = None
    return refusal or Refused("The GDPR API does not let the portal do this: its token lacks the permission.")
