"""What can be wrong with a step of an evaluation. The docstring is the message."""


class EvaluationFault(Exception):
    """This cannot be done with this evaluation."""

    def __init__(self) -> None:
        super().__init__(self.__doc__)


class NotNow(EvaluationFault):
    """The evaluation is not in a state where this can be done."""


class SavedMeanwhile(EvaluationFault):
    """Someone saved this plan after you opened it. Nothing of yours was saved."""


class UnderWay(EvaluationFault):
    """Another evaluation of this algorithm is under way."""


class NotYours(EvaluationFault):
    """Only staff of the department that answers for the algorithm may do this."""


class PlanIsFixed(EvaluationFault):
    """The plan is fixed: what is judged and the limits cannot change any more."""


class NotTheOfficer(EvaluationFault):
    """Only a data protection officer may approve an evaluation."""


class OwnEvaluation(EvaluationFault):
    """Whoever planned an evaluation or brought its file does not approve it: two people see it."""


class NoSuchFile(EvaluationFault):
    """The file did not arrive whole."""
