"""Pages of the back office that stand above every room."""

from portal.desk.admin import alarms, clients, log, looking, requests, reviews

__all__ = ["alarms", "clients", "log", "looking", "requests", "reviews"]
