"""Makes .venv and installs what requirements.lock names, by hash. Standard library only: nothing else is there yet.

No package is built from source, so no compiler is needed. What could not be made whole is taken away again.
"""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
REASONS = {
    "No space left on device": "The disk that holds .venv is full.",
    "Disk quota exceeded": "The disk that holds .venv is full.",
    "Failed to establish a new connection": "The package index cannot be reached; is there a network?",
    "name resolution": "The package index cannot be reached; is there a network?",
    "from versions: none": "There is no ready-made package for this machine.",
    "DO NOT MATCH THE HASHES": "A package is not the one that requirements.lock names.",
}


class Failed(Exception):
    """One sentence."""


def run(what: str, *words: object) -> None:
    """Run to the end; Failed with the likely reason, or the tool's own last words."""
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stdout + done.stderr
        last = [line for line in said.splitlines() if line.strip()] or ["it said nothing"]
        reason = next((reason for sign, reason in REASONS.items() if sign in said), last[-1])
        raise Failed(f"{what} {reason}")


def install() -> None:
    """With the machine's pip where it has one: some systems leave it out of new environments."""
    own_pip = importlib.util.find_spec("pip") is not None
    if not PYTHON.exists():
        bare = ["--without-pip"] if own_pip else []
        run("The virtual environment could not be made.", sys.executable, "-m", "venv", *bare, VENV)
    print("Installing what requirements.lock names ...", flush=True)
    pip = [sys.executable, "-m", "pip", "--python", PYTHON] if own_pip else [PYTHON, "-m", "pip"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    lock = ["--require-hashes", "--only-binary", ":all:", "-r", ROOT / "requirements.lock"]
    run("The packages could not be installed.", *pip, "install", *quiet, *lock)


def main() -> int:
    """Exit code 0, or 1 with one sentence."""
    if sys.version_info < OLDEST:
        here = ".".join(str(number) for number in sys.version_info[:2])
        print(f"The portal needs Python 3.11 or newer; python3 is {here} here.", file=sys.stderr)
        return 1
    there = VENV.exists()
    try:
        install()
    except (Failed, KeyboardInterrupt) as fault:
        if not there:
            shutil.rmtree(VENV, ignore_errors=True)
        print(str(fault) or "Stopped before everything was installed; nothing is left of it.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
