"""The site itself: who is here, keys, the log, the resident's pages, settings."""

from portal.celery import app as celery_app

__all__ = ["celery_app"]
