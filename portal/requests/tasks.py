"""Doorbells: ids in, one call."""

from uuid import UUID

from django.utils import timezone

from portal.jobs.tasks import job
from portal.requests.package.links import remove_old_packages
from portal.requests.package.links import remove_packages as remove


@job("requests.remove_packages")
def remove_packages(*, request_id: str) -> None:
    """Nothing is kept of what was taken back."""
    remove(UUID(request_id))


@job("requests.tidy_packages")
def tidy_packages() -> None:
    """What waited for three days is removed."""
    remove_old_packages(at=timezone.now())
