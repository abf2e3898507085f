"""`python -m tests.migrations`: the migrations tell all that the models say. Needs no database."""

import os
import sys

import django
from django.core.management import call_command

os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings_for_migrations"

if __name__ == "__main__":
    django.setup()
    try:
        call_command("makemigrations", "--check", "--dry-run", "-v", "1")
    except SystemExit as fault:
        sys.exit(fault.code)
