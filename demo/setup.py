"""Makes .venv and installs what requirements.lock names, by hash. Standard library only: nothing else is there yet."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OLDEST = (3, 11)


def fail(sentence: str) -> None:
    """One sentence, exit code 1."""
    print(sentence, file=sys.stderr)
    sys.exit(1)


def last_words(done: "subprocess.CompletedProcess[str]") -> str:
    """What the tool said at the end."""
    said = [line for line in (done.stderr or done.stdout).splitlines() if line.strip()]
    return said[-1] if said else "it said nothing"


if sys.version_info < OLDEST:
    fail("The portal needs Python 3.11 or newer; python3 is older here.")
made = subprocess.run([sys.executable, "-m", "venv", str(ROOT / ".venv")], capture_output=True, text=True, check=False)
if made.returncode:
    fail(f"The virtual environment could not be made: {last_words(made)}")
print("Installing what requirements.lock names ...", flush=True)
pip = [str(ROOT / ".venv" / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
lock = ["--require-hashes", "--only-binary", ":all:", "-r", str(ROOT / "requirements.lock")]
installed = subprocess.run([*pip, *lock], capture_output=True, text=True, check=False)
if installed.returncode:
    fail(f"The packages could not be installed (is there a network, and room on the disk?): {last_words(installed)}")
