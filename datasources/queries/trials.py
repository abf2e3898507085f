"""Whether a source was tried as it is now."""

import hashlib
import json

from datasources.enums import ConnectorKind
from datasources.models import Source, Trial, TrialKind, TrialState
from datasources.queries.sources import secrets_of
from portal.keys.indexes import digest
from portal.keys.seals import place


def fingerprint(source: Source) -> str:
    """64 characters that differ when anything does that a reading depends on."""
    told = [source.kind, source.settings, source.mapping, source.mapping_version, source.keeps_for]
    # Keyed, for a secret may be short; and the same when the key it is sealed with was changed.
    secrets = digest(json.dumps(secrets_of(source), sort_keys=True).encode())
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode() + secrets).hexdigest()


def was_tried(source: Source) -> bool:
    """A dry run of just this ended well, or there is nothing to try; within the staff's scope."""
    if not ConnectorKind(source.kind).is_asked:
        return True
    well = Trial.objects.filter(source=source, kind=TrialKind.DRY_RUN, state=TrialState.DONE)
    return well.filter(fingerprint=fingerprint(source)).exists()


def values_place(trial: Trial) -> bytes:
    """Where values that a keeper asked to see stand sealed."""
    return place("datasources_trial", "sealed_values", trial.pk)
