"""Whether a source was tried as it is now."""

import hashlib
import json

from datasources.enums import ConnectorKind
from datasources.models import Source, Trial, TrialKind, TrialState


def fingerprint(source: Source) -> str:
    """64 characters that differ when anything does that a reading depends on."""
    told = [source.kind, source.settings, source.mapping, source.mapping_version, source.keeps_for]
    sealed = bytes(source.sealed_secrets or b"")
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode() + sealed).hexdigest()


def was_tried(source: Source) -> bool:
    """A dry run of just this ended well, or there is nothing to try; within the staff's scope."""
    if not ConnectorKind(source.kind).is_asked:
        return True
    well = Trial.objects.filter(source=source, kind=TrialKind.DRY_RUN, state=TrialState.DONE)
    return well.filter(fingerprint=fingerprint(source)).exists()
