"""Who was let to have which data of a person."""

from collections.abc import Collection
from uuid import UUID

from consents.enums import ConsentState
from consents.models import Consent


def recipients_of(person: UUID, datasets: Collection[str]) -> dict[str, list[str]]:
    """{department: those of these datasets that a permission, of now or earlier, let it have}; within their scope."""
    asked = Consent.objects.filter(person_id=person, purpose__datasets__dataset__slug__in=list(datasets))
    let = asked.exclude(state__in=[ConsentState.REQUESTED, ConsentState.REFUSED, ConsentState.PENDING])
    found: dict[str, set[str]] = {}
    for department, dataset in let.values_list("recipient", "purpose__datasets__dataset__slug"):
        if dataset in datasets:
            found.setdefault(department, set()).add(dataset)
    return {department: sorted(theirs) for department, theirs in sorted(found.items())}
