"""`python -m tests.commands "make_groups" ...`: several of manage.py's commands, for which Django is loaded once.

Each argument is one command with its words, as a shell would take them; the first that fails ends all.
"""

import os
import shlex
import sys

import django
from django.core.management import call_command


def main(lines: list[str]) -> None:
    """One after the other."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")
    django.setup()
    for line in lines:
        call_command(*shlex.split(line))


if __name__ == "__main__":
    main(sys.argv[1:])
