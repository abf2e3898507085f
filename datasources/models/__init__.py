"""Tables: the catalogue, the sources, what was pulled, what is being asked."""

from datasources.models.askings import Asking
from datasources.models.catalogue import Dataset, Department, Field, Register
from datasources.models.erased import NotCopied
from datasources.models.pulls import Pull, PullKind, PullState, Reading, Sheet
from datasources.models.sources import MappingVersion, Source
from datasources.models.trials import LOOKS, Trial, TrialKind, TrialState

__all__ = [
    "LOOKS",
    "Asking",
    "Dataset",
    "Department",
    "Field",
    "MappingVersion",
    "NotCopied",
    "Pull",
    "PullKind",
    "PullState",
    "Reading",
    "Register",
    "Sheet",
    "Source",
    "Trial",
    "TrialKind",
    "TrialState",
]
