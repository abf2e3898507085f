"""What happens to what arrived when something else of the person's own data goes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.dispatch import receiver

from datasources.signals import brought_key_ended
from datasources.transfers.arriving.deciding import seal_anew


@receiver(brought_key_ended, dispatch_uid="transfers.seal_anew")
def lies_on(*, person: UUID, old: bytes, new: Callable[[], bytes], **_: Any) -> None:
    """Figures of a watch went with their key; what came from another city stays."""
    seal_anew(person, old=old, new=new)
