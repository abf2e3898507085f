"""`python -m tests.bench.wrk`: find wrk for the benches, or install it as root, or say that it is missing."""

import os
import shutil
import subprocess
import sys

MISSING = "NO WRK: nothing can be measured. Install Debian's package wrk."


def find() -> str | None:
    """The path of wrk, installed now when it is missing and we may; None when there is none."""
    if shutil.which("wrk") is None and shutil.which("apt-get") and os.geteuid() == 0:
        for words in (["update", "-qq"], ["install", "-y", "-qq", "wrk"]):
            subprocess.run(["apt-get", *words], check=False, capture_output=True)
    return shutil.which("wrk")


def main() -> int:
    """1 when it is missing."""
    if find() is not None:
        return 0
    print(MISSING, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
