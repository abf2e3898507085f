"""`python -m tests.chromium`: find Chromium for the journeys, or install it as root, or say that it is missing."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def find() -> str | None:
    """The path of a Chromium, if there is one."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def _install() -> None:
    for words in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
        subprocess.run(["apt-get", *words], check=False, capture_output=True)


def main() -> int:
    """Missing is a failure where CI is set, and said loudly elsewhere."""
    if find() is None and shutil.which("apt-get") and os.geteuid() == 0:
        _install()
    if find() is not None:
        return 0
    print("NO CHROMIUM: the browser journeys were NOT run. Install Debian's package chromium.", file=sys.stderr)
    return 1 if os.environ.get("CI") else 0


if __name__ == "__main__":
    sys.exit(main())
