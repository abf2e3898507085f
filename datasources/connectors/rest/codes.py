"""What looks like an identity code, and so may stand in no address and in no mark."""

import re

# Day, month, year, any century sign of 2023, number, check character (DVV).
LIKE_A_CODE = re.compile(r"[0-3]\d[01]\d{3}[-+A-FU-Y]\d{3}[0-9A-Y]", re.ASCII | re.IGNORECASE)
