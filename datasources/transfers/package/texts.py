"""What a person is told of packages, in their language."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from datasources.transfers.package.reasons import Reason
from datasources.transfers.package.shape import Label

LABELS: dict[Label, str | Promise] = {
    Label.RIGHT: _("You have the right to take this along"),
    Label.COPY: _("A copy for you; the original stays"),
    Label.BY_LAW: _("Moves by law; you need not do anything"),
    Label.STAYS: _("Stays in the city it is from"),
    Label.OTHER_CONTROLLER: _("Kept by another authority"),
}

_REPACKED = _(
    "The package is not as the city wrote it: it was packed anew by another program. Bring the file as you got it."
)
_CHANGED = _("The package was changed after the city signed it. Get it again from the city.")
_CITYS_FAULT = _("The city made the package in a way that we cannot use. Tell the city, and show it this page.")

# Why a package cannot be brought. Nothing of it is kept, and each sentence tells what to do.
REASONS: dict[Reason, str | Promise] = {
    Reason.NOT_A_PACKAGE: _("The file is not a package from a city. Choose the file that you got from the city."),
    Reason.SEALED: _("The package is sealed and was not opened. Bring the file as you got it."),
    Reason.NOT_FOR_OUR_KEY: _("The package is sealed for another city, or it was damaged. Get it again for this city."),
    Reason.TOO_LARGE: _("The package is too large: the most is 200 megabytes. Choose fewer things and make it again."),
    Reason.BROKEN_OFF: _("The package is not whole. Download it again."),
    Reason.SOMETHING_AROUND: _REPACKED,
    Reason.ENCRYPTED: _("The package is locked with a password. Bring the file as you got it from the city."),
    Reason.COMPRESSION: _REPACKED,
    Reason.TOO_MANY_FILES: _("The package holds too many files. Choose fewer things and make it again."),
    Reason.BOMB: _("The package unpacks to far more than a real one does. Get it again from the city."),
    Reason.UNSAFE_NAME: _("The names in the package are not safe. Get it again from the city."),
    Reason.LINK: _("The package points to files outside itself. Get it again from the city."),
    Reason.DUPLICATE_NAME: _("Two files of the package have one name. Get it again from the city."),
    Reason.ARCHIVE: _REPACKED,
    Reason.NO_SIGNATURE: _("The package is not signed, so we cannot know who made it. Get it again from the city."),
    Reason.ALGORITHM: _("The package is signed in a way that proves nothing. Get it again from the city."),
    Reason.UNKNOWN_CITY: _("The package is not from a city that this service trusts."),
    Reason.UNKNOWN_KEY: _(
        "The package is signed with a key that the city does not use. Get a new package from the city."
    ),
    Reason.KEYS_UNREACHABLE: _("The city that made the package does not answer right now. Try again later."),
    Reason.KEY_WITHDRAWN: _(
        "The package was signed with a key that the city had withdrawn. Get a new package from the city."
    ),
    Reason.SIGNATURE: _CHANGED,
    Reason.CHANGED: _CHANGED,
    Reason.MANIFEST: _CITYS_FAULT,
    Reason.VERSION: _("The package is of a newer form than this service can read. Ask the city for an older form."),
    Reason.FROM_THE_FUTURE: _("The package says that it was made later than now. Get a new package from the city."),
    Reason.EXPIRED: _("The package is too old to be brought. Get a new package from the city."),
    Reason.LIVES_TOO_LONG: _CITYS_FAULT,
    Reason.SEEN_BEFORE: _("This package was brought here before. Get a new package if you need to bring more."),
    Reason.ANOTHER_PERSON: _("The package is about somebody else. Only they can bring it."),
    Reason.ANOTHER_CITY: _("The package was made for another city. Get one that is made for this city."),
    Reason.FILE_MISSING: _("A file is missing from the package. Download it again."),
    Reason.FILE_MORE: _("The package holds a file that the city did not sign. Get it again from the city."),
    Reason.ROW_COUNT: _CITYS_FAULT,
    Reason.NOT_JSON: _CITYS_FAULT,
    Reason.TOO_DEEP: _CITYS_FAULT,
    Reason.SCHEMA: _CITYS_FAULT,
    Reason.NOT_AS_SCHEMA: _CITYS_FAULT,
    Reason.CSV_DIFFERS: _CITYS_FAULT,
    Reason.FACT: _CITYS_FAULT,
}
