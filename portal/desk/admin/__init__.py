"""Pages of the back office that stand above every room."""

from portal.desk.admin import alarms, breaches, clients, limits, log, looking, requests

__all__ = ["alarms", "breaches", "clients", "limits", "log", "looking", "requests"]
