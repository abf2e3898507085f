"""What a check asks: the purpose as the city publishes it now, and what the people asked about have answered."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from msgspec import json

from consents.enums import ConsentState, Reason
from consents.rules.deciding import ConsentFacts, Cover, Hold, PurposeFacts
from portal.rest.editions import Remembered
from portal.walls import array_of_ids, sent
from portal.walls.sql import theirs

# By the number that a person's id is: an id itself is looked up by a method of Python's, a thousand times a call.
Answered = dict[int, ConsentFacts]
HeldBack = dict[int, list[Hold]]
Asked = tuple[PurposeFacts, Answered, HeldBack]
# Calling an enum takes longer than all else that is done with a row.
_STATES = {state.value: state for state in ConsentState}
# What left the catalogue may be used by nobody, whatever was once allowed; mostly nothing has, which is soon seen.
_OF_PURPOSE = """
p.id, p.basis, d.slug AS recipient, p.closed_at IS NOT NULL OR NOT EXISTS (
    SELECT FROM consents_purposetext t WHERE t.purpose_id = p.id AND t.state = 'published'
) AS closed, (
    SELECT jsonb_object_agg(s.slug, CASE WHEN NOT EXISTS (
        SELECT FROM datasources_field f WHERE f.dataset_id = s.id AND f.retired_at IS NOT NULL
    ) THEN pd.needed || pd.optional ELSE ARRAY(
        SELECT name FROM unnest(pd.needed || pd.optional) WITH ORDINALITY AS named (name, place)
        WHERE NOT EXISTS (
            SELECT FROM datasources_field f WHERE f.dataset_id = s.id AND f.slug = name AND f.retired_at IS NOT NULL
        ) ORDER BY place
    ) END)
    FROM consents_purposedataset pd JOIN datasources_dataset s ON s.id = pd.dataset_id
    WHERE pd.purpose_id = p.id AND s.retired_at IS NULL
)::text AS used, p.donation <> '' AS donation
"""
# Texts whose yes a later text ended: it is none any more, however late the job.
_ENDED = """
ARRAY(SELECT w.id FROM consents_purposetext w WHERE w.purpose_id = p.id AND w.version < (
    SELECT max(t.version) FROM consents_purposetext t
    WHERE t.purpose_id = p.id AND t.old_answers = 'ended' AND t.published_at IS NOT NULL
)) AS ended
"""
_ASKED = f"""
SELECT {_OF_PURPOSE}, {_ENDED}
FROM consents_purpose p JOIN datasources_department d ON d.id = p.department_id WHERE p.slug = %s
"""  # noqa: S608
# Whose: everyone whom the scope covers, and nobody else. Thousands answer in a few ways: one row a way, with everyone
# who answered so.
_ANSWERED = f"""
SELECT CASE WHEN c.state = 'given' AND c.text_id = ANY (%s::uuid[]) THEN 'superseded' ELSE c.state END,
       c.datasets, c.fields,
       array_agg(c.person_id), array_agg(c.id), array_agg(c.valid_from), array_agg(c.valid_until)
FROM consents_consent c WHERE c.purpose_id = %s AND {theirs("c.person_id")} GROUP BY 1, 2, 3
"""  # noqa: S608
# What they have had held back, in the same rows: the purpose itself or the algorithm that asks, where no dataset is
# named, or what it may use.
_HELD_BACK = f"""
SELECT CASE WHEN r.objected_at IS NULL THEN 'restricted' ELSE 'objected' END,
       CASE WHEN r.purpose <> '' OR r.algorithm <> '' THEN NULL ELSE ARRAY(
           SELECT d.slug FROM datasources_dataset d JOIN datasources_register g ON g.id = d.register_id
           WHERE d.slug = r.dataset OR g.slug = r.register
       ) END,
       NULL, array_agg(r.person_id), NULL, NULL, NULL
FROM consents_restriction r
WHERE r.begins_at IS NOT NULL AND r.lifted_at IS NULL AND r.purpose IN ('', %s) AND r.algorithm IN ('', %s)
      AND {theirs("r.person_id")}
GROUP BY 1, 2
"""  # noqa: S608
_STANDING = f"{_ANSWERED} UNION ALL {_HELD_BACK}"


@dataclass(frozen=True, slots=True)
class _Asked:
    """`ended` are the texts whose yes holds no more."""

    id: UUID
    facts: PurposeFacts
    ended: str


_purposes: Remembered[_Asked | None] = Remembered()


def asked_and_answered(slug: str, *, edition: UUID | None = None, algorithm: str = "") -> Callable[[], Asked | None]:
    """What reads the facts of a purpose, and of those whom the scope covers the answers and what they have held back.

    `algorithm` is the one that asks: what they hold back from it alone holds back nothing else.
    `edition` is the one that the call goes by: what was read of the purpose under it is not read again.
    """
    asked = _purposes.read(edition, slug, lambda: _send(slug))()
    if asked is None:
        return lambda: None
    rows = sent(_STANDING, [asked.ended, asked.id, slug, algorithm], binary=True)
    return lambda: (asked.facts, *_facts(rows()))


def _send(slug: str) -> Callable[[], _Asked | None]:
    rows = sent(_ASKED, [slug], binary=True)

    def read() -> _Asked | None:
        for purpose, basis, recipient, closed, fields, donation, ended in rows():
            used = json.decode(fields or "{}", type=dict[str, tuple[str, ...]])
            return _Asked(purpose, PurposeFacts(slug, basis, recipient, used, closed, donation), array_of_ids(ended))
        return None

    return read


def _facts(rows: Iterable[tuple[Any, ...]]) -> tuple[Answered, HeldBack]:
    found: Answered = {}
    held_back: HeldBack = {}
    for state, datasets, fields, *people in rows:
        if fields is None:
            hold = Hold(Reason(state), None if datasets is None else tuple(datasets))
            for person in people[0]:
                held_back.setdefault(person.int, []).append(hold)
            continue
        cover = Cover(_STATES[state], tuple(datasets), tuple(fields))
        for person, consent, begins, ends in zip(*people, strict=True):
            found[person.int] = ConsentFacts(consent, cover, begins, ends)
    return found, held_back
