"""What the files of a city say of purposes is tied to the register before the purpose is published."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.dispatch import receiver

from consents.algorithms.models import Algorithm, Naming
from consents.catalogue.loader import PurposeFault
from consents.enums import TextState
from consents.models import Purpose
from consents.signals import names_algorithms


@receiver(names_algorithms, dispatch_uid="algorithms.name_those_of_files")
def name_those_of_files(*, purpose: Purpose, slugs: Sequence[str], at: datetime, **_: Any) -> None:
    """The purpose names these and no others. PurposeFault for one that has no published entry."""
    found = list(Algorithm.objects.filter(slug__in=slugs, versions__state=TextState.PUBLISHED))
    if missing := set(slugs) - {each.slug for each in found}:
        raise PurposeFault(f"{purpose.slug}: the register has no published entry {', '.join(sorted(missing))}.")
    Naming.objects.filter(purpose=purpose).exclude(algorithm__in=found).delete()
    for algorithm in found:
        Naming.objects.get_or_create(purpose=purpose, algorithm=algorithm, defaults={"named_at": at})
