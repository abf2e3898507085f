"""Addresses below the API's that are none: answered in its manner, and to those only who may be here at all."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView

from portal.rest.permissions import ANY_SCOPE


class NowhereView(APIView):
    """404 with any token, 401 without one; an id that cannot be one leads here, too."""

    needs = ANY_SCOPE
    schema = None

    def initial(self, request: Request, *args: Any, **more: Any) -> None:
        """Whatever the method."""
        super().initial(request, *args, **more)
        raise Http404
