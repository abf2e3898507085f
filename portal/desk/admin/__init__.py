"""Pages of the back office that stand above every room."""

from portal.desk.admin import alarms, clients, limits, log, looking, requests

__all__ = ["alarms", "clients", "limits", "log", "looking", "requests"]
