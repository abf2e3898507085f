"""From points to daily figures: pure."""

from datasources.wearables.rules.daybook import DayState, figures_of, without
from datasources.wearables.rules.priority import DEFAULT, Priority
from datasources.wearables.rules.reckoning import DayMerge, reckon

__all__ = ["DEFAULT", "DayMerge", "DayState", "Priority", "figures_of", "reckon", "without"]
