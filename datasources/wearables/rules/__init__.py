"""From points to daily figures: pure. Each rule is asked once of an array of points, never of one after another."""

from datasources.wearables.rules.day_state import DayState
from datasources.wearables.rules.daybook import figures_of, without
from datasources.wearables.rules.priority import DEFAULT, Priority
from datasources.wearables.rules.reckoning import DayMerge

__all__ = ["DEFAULT", "DayMerge", "DayState", "Priority", "figures_of", "without"]
