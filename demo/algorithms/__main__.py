"""`python -m demo.algorithms preschool|exercise FILE.csv`: write a made-up evaluation file, for trying the upload."""

import sys
from pathlib import Path

from demo.algorithms import EVALUATIONS, csv_of


def main() -> int:
    """Exit code 0, or 2 with how it is used."""
    match sys.argv[1:]:
        case [name, file] if name in EVALUATIONS:
            Path(file).write_text(csv_of(EVALUATIONS[name]()), encoding="utf-8")
            return 0
    print(f"python -m demo.algorithms {'|'.join(EVALUATIONS)} FILE.csv", file=sys.stderr)
    return 2


sys.exit(main())
