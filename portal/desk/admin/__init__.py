"""Pages of the back office that stand above every room."""

from portal.desk.admin import alarms, answer_texts, clients, front, log, looking, parts, requests, reviews

__all__ = ["alarms", "answer_texts", "clients", "front", "log", "looking", "parts", "requests", "reviews"]
