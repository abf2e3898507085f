"""What is wrong with a plan, a file or a step, in the language of the page."""

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consents.algorithms.fairness import faults
from consents.algorithms.fairness.flaws import MOST_ROWS, Flaw
from consents.algorithms.fairness.pieces import LARGEST
from consents.algorithms.fairness.plans import LEAST, MOST_COLUMNS, MOST_GROUPS, NotAPlan, PlanFlaw

_FLAWS: Mapping[str, str | Promise] = {
    Flaw.EMPTY: _("The file has no rows."),
    Flaw.TOO_LARGE: _("The file is too large: at most %(megabytes)s megabytes are taken. Nothing of it was kept."),
    Flaw.TOO_MANY_ROWS: _("The file has more than %(rows)s rows."),
    Flaw.NOT_A_TABLE: _("The file is neither proper CSV in UTF-8 with a header nor Parquet."),
    Flaw.NOT_TEXT: _("The column %(column)s holds something other than text or numbers."),
    Flaw.MISSING: _("The file lacks the column %(column)s, which the plan names."),
    Flaw.TWICE: _("The column %(column)s stands in the file twice."),
    Flaw.UNPLANNED: _("The plan does not ask for the column %(column)s. Leave it out of the file."),
    Flaw.IDENTITY_CODE: _("The column %(column)s holds personal identity codes. Take them out. Nothing was kept."),
    Flaw.FORMULA: _("The column %(column)s holds a formula in row %(row)s. Put plain values there."),
    Flaw.NO_VALUE: _("The column %(column)s has no value in row %(row)s."),
    Flaw.NOT_YES_OR_NO: _("The column %(column)s holds something other than 0 or 1 in row %(row)s."),
    Flaw.NOT_A_SHARE: _("The column %(column)s holds something other than a number from 0 to 1 in row %(row)s."),
    Flaw.UNKNOWN_GROUP: _("The column %(column)s holds a group that the plan does not name, in row %(row)s."),
    Flaw.TOO_MANY_GROUPS: _(
        "The column %(column)s holds too many different values to be groups. At most %(groups)s are taken."
    ),
    Flaw.ONE_CLASS: _(
        "The column %(column)s holds the same value everywhere. With one class only nothing can be compared."
    ),
    Flaw.TOO_FEW: _("The file has fewer than %(least)s rows: that is not enough for any number."),
    Flaw.BROKEN_OFF: _("The file did not arrive whole. Bring it again."),
}
_PLAN_FLAWS: Mapping[str, str | Promise] = {
    PlanFlaw.NOTHING_JUDGED: _("Choose at least one measure that is judged."),
    PlanFlaw.NO_GROUPS: _("Name one to %(columns)s columns of groups."),
    PlanFlaw.COLUMN_NAME: _("The name of the column %(column)s may have letters a to z, digits and underscores only."),
    PlanFlaw.COLUMN_TWICE: _("The column %(column)s is named twice."),
    PlanFlaw.TOO_FEW_GROUPS: _("The column %(column)s needs two groups at least."),
    PlanFlaw.TOO_MANY_GROUPS: _("The column %(column)s has more than %(groups)s groups. Put some together."),
    PlanFlaw.NO_WORDS: _("Write every text in Finnish, Swedish and English. %(column)s"),
    PlanFlaw.NO_GROUND: _(
        "The column %(column)s looks like special-category data. Name its ground in Article 9(2), and why."
    ),
    PlanFlaw.NO_SCORE: _("Whoever judges scores names the column of the score."),
    PlanFlaw.LIMIT: _(
        "Limits lie between 0 and 1, groups have at least %(least)s people, and the number of days is at least one."
    ),
}
_FAULTS: Mapping[type[faults.EvaluationFault], str | Promise] = {
    faults.NotNow: _("The evaluation has gone on meanwhile, and this can no longer be done."),
    faults.SavedMeanwhile: _("Someone saved this plan after you opened it. Nothing of yours was saved."),
    faults.UnderWay: _("Another evaluation of this algorithm is under way."),
    faults.NotYours: _("Only staff of the department that answers for the algorithm may do this."),
    faults.PlanIsFixed: _("The plan is fixed: what is judged and the limits cannot change any more."),
    faults.NotTheOfficer: _("Only a data protection officer may approve an evaluation."),
    faults.OwnEvaluation: _(
        "Whoever planned an evaluation or brought its file does not approve it: two people see it."
    ),
}


def flaw_text(fault: Mapping[str, Any]) -> str:
    """Why a file was refused: `{"flaw", "column", "row"}`."""
    words = {
        "column": fault["column"],
        "row": fault["row"],
        "megabytes": LARGEST >> 20,
        "rows": f"{MOST_ROWS:,}".replace(",", "\N{NO-BREAK SPACE}"),
        "groups": MOST_GROUPS,
        "least": LEAST,
    }
    return str(_FLAWS[fault["flaw"]]) % words


def plan_flaw_text(fault: NotAPlan) -> str:
    """Why a plan cannot stand."""
    words = {"column": fault.column, "columns": MOST_COLUMNS, "groups": MOST_GROUPS, "least": LEAST}
    return (str(_PLAN_FLAWS[fault.flaw]) % words).strip()


def fault_text(fault: faults.EvaluationFault) -> str:
    """A sentence for whoever pressed."""
    return str(_FAULTS[type(fault)])
