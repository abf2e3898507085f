"""What anybody needs to compute every figure again: plan, counts, figures and a program, in one ZIP."""

import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from consents.algorithms.models import Evaluation

PROGRAM = "recompute.py"


def bundle_of(row: Evaluation, before: Evaluation | None) -> bytes:
    """The same bytes each time. No row of the evaluation's file is in it: that is gone."""
    packed = io.BytesIO()
    told: dict[str, Any] = {"plan": row.plan, "counts": row.counts, "figures": row.figures}
    if before is not None:
        told["figures-before"] = before.figures
    at = row.published_at or row.made_at
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in told.items():
            text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True)
            archive.writestr(_member(f"{name}.json", at), text)
        archive.writestr(_member(PROGRAM, at), _program().read_text(encoding="utf-8"))
    return packed.getvalue()


def _member(name: str, at: datetime) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, 0))


def _program() -> Path:
    return Path(settings.BASE_DIR) / "docs" / "fairness" / PROGRAM
