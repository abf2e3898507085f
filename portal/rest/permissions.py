"""What a caller may do: the view names the scope it needs."""

from typing import TYPE_CHECKING

from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from portal.rest.authentication import Caller

if TYPE_CHECKING:
    # DRF's views load this module while they load.
    from rest_framework.views import APIView


# What `needs` says where any token will do.
ANY_SCOPE = "any"


class HasScope(BasePermission):
    """A view without `needs` is closed to everyone."""

    def has_permission(self, request: Request, view: "APIView") -> bool:
        """The token carries the scope that the view needs."""
        needs = getattr(view, "needs", None)
        return isinstance(request.user, Caller) and (needs in request.user.scopes or needs == ANY_SCOPE)
