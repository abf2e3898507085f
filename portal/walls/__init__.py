"""The walls between people's rows: database roles, row security, and the one door through them."""

from portal.walls.bulk import array_of_bytes, array_of_ids, bulk, bulk_some
from portal.walls.pipeline import at_once, pipelined, sent, told
from portal.walls.roles import Role
from portal.walls.scope import current_role, outside, scope

__all__ = [
    "Role",
    "array_of_bytes",
    "array_of_ids",
    "at_once",
    "bulk",
    "bulk_some",
    "current_role",
    "outside",
    "pipelined",
    "scope",
    "sent",
    "told",
]
