"""Sorting texts by their bytes, in each database's own words."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class Exactly(FunctionElement[bytes]):
    """By its bytes: where capitals do not matter, rows of two ways to write a code would come in turns."""

    inherit_cache = True
    name = "exactly"


@compiles(Exactly)
def _cast(element: Exactly, compiler: SQLCompiler, **told: Any) -> str:
    (value,) = element.clauses
    return str(compiler.process(sa.cast(value, sa.LargeBinary), **told))


@compiles(Exactly, "oracle")
def _by_its_sort(element: Exactly, compiler: SQLCompiler, **told: Any) -> str:
    # Oracle sorts by no BLOB.
    (value,) = element.clauses
    return f"NLSSORT({compiler.process(value, **told)}, 'NLS_SORT=BINARY')"


@compiles(Exactly, "mssql")
def _as_bytes(element: Exactly, compiler: SQLCompiler, **told: Any) -> str:
    # Servers before 2012 would get an IMAGE, by which nothing is sorted; a code has a few bytes.
    (value,) = element.clauses
    return str(compiler.process(sa.cast(value, sa.VARBINARY(200)), **told))
