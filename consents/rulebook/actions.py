"""Adopting a version of the rulebook."""

from datetime import datetime

from django.db import connection

from consents.rulebook.errors import OlderVersion, RulebookFault
from consents.rulebook.kinds import RulebookEntry
from consents.rulebook.models import Adoption
from consents.rulebook.queries import adoptions
from consents.rulebook.reading import content_of, digest_of, order, published_digests, rulebook_of
from consents.rulebook.statements import doubts_of, signed
from portal.ledger.actions import record
from portal.ledger.actor import Actor

# Any number, the same in every process: two who adopt at once go one after the other.
_ADOPTING = 0x72756C65


def adopt(version: str, *, decision: str, by: Actor, at: datetime) -> bool:
    """Sign that this city keeps a version from now on; False when it did already. RulebookFault, KeyMissing.

    Within staff's scope. `decision`: number of the decision in the city's case register, made by whoever may make it.
    """
    content = content_of(version)
    digest = digest_of(content)
    rulebook_of(version)
    if published_digests().get(version) != digest:
        raise RulebookFault(f"{version}: it is not what was published; its digest is {digest}.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ADOPTING])
    before = adoptions()
    if same := next((each for each in before if each.version == version), None):
        if doubt := doubts_of(same):
            raise RulebookFault(doubt)
        return False
    if before and order(before[0].version) > order(version):
        raise OlderVersion(f"Version {before[0].version} was adopted already; a city does not go back to {version}.")
    row = Adoption(version=version, digest=digest, decision=decision, adopted_at=at)
    row.signature = signed(row)
    row.save(force_insert=True)
    record(RulebookEntry.ADOPTED, by=by, at=at, reference=decision, counts={"version": version, "digest": digest})
    return True
