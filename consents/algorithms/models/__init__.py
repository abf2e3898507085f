"""The register of algorithms in the database."""

from consents.algorithms.models.evaluations import Evaluation, EvaluationPiece, EvaluationStep
from consents.algorithms.models.register import (
    Algorithm,
    AlgorithmStep,
    AlgorithmVersion,
    Naming,
    StateChange,
)

__all__ = [
    "Algorithm",
    "AlgorithmStep",
    "AlgorithmVersion",
    "Evaluation",
    "EvaluationPiece",
    "EvaluationStep",
    "Naming",
    "StateChange",
]
