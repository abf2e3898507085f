"""`python -m tests.chromium`: find Chromium for the journeys, or install it as root, or say that it is missing."""

import os
import shutil
import subprocess
import sys

# The one without a window of its own first: it does the same for a fraction of a full browser's work.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    # Where one is here already, nobody waits long for a lighter one.
    patience = ["-o", "Acquire::Retries=1", "-o", "Acquire::http::Timeout=15", "-o", "Acquire::https::Timeout=15"]
    for words in (["update", "-qq"], ["install", "-y", "-qq", NAMES[0]]):
        subprocess.run(["apt-get", *patience, *words], check=False, capture_output=True)


def main() -> int:
    """Missing is a failure where CI is set, and said loudly elsewhere."""
    if shutil.which(NAMES[0]) is None and shutil.which("apt-get") and os.geteuid() == 0:
        _install()
    if find() is not None:
        return 0
    print(f"NO CHROMIUM: the browser journeys were NOT run. Install Debian's package {NAMES[0]}.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
