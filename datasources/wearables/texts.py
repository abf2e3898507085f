"""What a resident is told of an import, in their language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from datasources.wearables.points import Apart, PassedOver
from datasources.wearables.troubles import Trouble

# Why a file cannot be used. Nothing of it is kept, and each sentence tells what to do.
TROUBLES: dict[Trouble, str | Promise] = {
    Trouble.EMPTY: _("The file is empty. Download it from the app again."),
    Trouble.NOT_KNOWN: _("The file is not in a form that we can read. Choose a file that the app itself made."),
    Trouble.WEB_PAGE: _("The file is a web page. Sign in to the app's own pages and download the file again."),
    Trouble.ENCRYPTED: _("The file is locked with a password. Pack it again without a password."),
    Trouble.DAMAGED: _("The file is damaged and nothing in it can be read. Download it from the app again."),
    Trouble.BOMB: _("The file unpacks to far more than a real one does. Choose the file as the app made it."),
    Trouble.TOO_MANY_FILES: _("The packed file holds too many files. Choose the file as the app made it."),
    Trouble.TOO_DEEP: _(
        "The file holds packed files inside packed files. Unpack the outermost and choose one of them."
    ),
    Trouble.UNSAFE_NAMES: _("The names in the packed file are not safe. Choose the file as the app made it."),
    Trouble.TOO_LARGE: _("The file is too large: the most is 4 gigabytes."),
    Trouble.DANGEROUS: _("The file is not safe to read. Choose the file as the app made it."),
    Trouble.NOTHING_FOUND: _("The file holds no steps, distance, activity, heart rate, sleep or workouts."),
    Trouble.NO_ROOM: _("There is no room for the file right now. Try again later."),
}

# Why a measurement is in no figure.
APARTS: dict[Apart, str | Promise] = {
    Apart.DUPLICATE: _("The same measurement twice"),
    Apart.OVERLAP: _("Another device measured the same time"),
    Apart.BY_HAND: _("Written in by hand"),
    Apart.AFTER_EXPORT: _("Dated later than the file"),
    Apart.IMPOSSIBLE: _("Not possible, such as a heart rate of 999"),
    Apart.NO_TIME: _("Without a time"),
    Apart.UNREADABLE: _("Could not be read"),
}

# What a file told that no purpose asks for.
PASSED_OVER: dict[PassedOver, str | Promise] = {
    PassedOver.ENERGY: _("Energy use"),
    PassedOver.WEIGHT: _("Weight and body measurements"),
    PassedOver.OTHER: _("Other measurements"),
}

PARTIAL = _("The file broke off or was damaged. What could be read before that is here.")
NOT_UNDERSTOOD = _("Files that we could not read")
