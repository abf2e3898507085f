"""`python -m demo.watches MAKER FILE [DAYS]`: write a made-up export, for trying the upload."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from demo.watches import EXPORTS, days


def main() -> int:
    """Exit code 0, or 2 with how it is used."""
    match sys.argv[1:]:
        case [maker, file, *rest] if maker in EXPORTS and all(word.isdigit() for word in rest[:1]):
            count = int(rest[0]) if rest else 30
            first = datetime.now(UTC).date() - timedelta(days=count)
            Path(file).write_bytes(EXPORTS[maker](days(first, count)))
            return 0
    print(f"python -m demo.watches {'|'.join(EXPORTS)} FILE [DAYS]", file=sys.stderr)
    return 2


sys.exit(main())
