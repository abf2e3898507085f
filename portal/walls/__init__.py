"""The walls between people's rows: database roles, row security, and the one door through them."""

from portal.walls.roles import Role
from portal.walls.scope import current_role, scope, widen

__all__ = ["Role", "current_role", "scope", "widen"]
