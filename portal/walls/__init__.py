"""The walls between people's rows: database roles, row security, and the one door through them."""

from portal.walls.bulk import bulk
from portal.walls.pipeline import pipelined, sent
from portal.walls.roles import Role
from portal.walls.scope import current_role, scope

__all__ = ["Role", "bulk", "current_role", "pipelined", "scope", "sent"]
