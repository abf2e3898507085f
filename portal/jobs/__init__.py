"""The one door to Celery: jobs are rows of the same transaction, Redis is only the bell."""
