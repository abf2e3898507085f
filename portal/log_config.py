"""Logging as data: one line an event, with anything shaped like an identity code struck out."""

import logging
import re
from typing import Any

# Day, month, year, any century sign of 2023, number, check character (DVV).
IDENTITY_CODE = re.compile(r"\b[0-3]\d[01]\d{3}[-+ABCDEFUVWXY]\d{3}[0-9A-Y]\b", re.IGNORECASE)
STRUCK_OUT = "[identity code]"


class StrikeOut(logging.Filter):
    """Strikes identity codes out of the finished message, its arguments and its traceback."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.msg = IDENTITY_CODE.sub(STRUCK_OUT, record.getMessage())
        record.args = None
        if record.exc_info:
            text = logging.Formatter().formatException(record.exc_info)
            record.exc_info = None
            record.exc_text = IDENTITY_CODE.sub(STRUCK_OUT, text)
        return True


def logging_config(*, level: str) -> dict[str, Any]:
    """A `logging.config` dictionary: everything to standard error, through the filter."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"strike_out": {"()": StrikeOut}},
        "formatters": {"line": {"format": "%(levelname)s %(name)s %(message)s"}},
        "handlers": {
            "nowhere": {"class": "logging.NullHandler"},
            "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["strike_out"]},
        },
        "root": {"handlers": ["stderr"], "level": level},
        "loggers": {
            "django": {"handlers": ["stderr"], "level": level, "propagate": False},
            "django.request": {"level": "ERROR"},
            # Anyone may send any host name, of any length: they get a 400, and no page of our log.
            "django.security.DisallowedHost": {"handlers": ["nowhere"], "propagate": False},
            "celery": {"handlers": ["stderr"], "level": level, "propagate": False},
            "httpx2": {"level": "WARNING"},
            "asyncssh": {"level": "WARNING"},
        },
    }
