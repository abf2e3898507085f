"""Documents to print: PDF/UA-1 (ISO 14289-1), by typst. All that they say comes in as data."""

from collections.abc import Mapping


def printed(sheet: bytes, told: Mapping[str, str]) -> bytes:
    """The PDF of a typst `sheet` that reads `told` (`sys.inputs`); the same gives the same bytes: it bears no date."""
    # Seven megabytes that most processes never need.
    import typst  # noqa: PLC0415

    # Without the machine's own fonts: the same everywhere, and nothing is looked for on its disk.
    made: bytes = typst.compile(
        sheet, format="pdf", pdf_standards=["ua-1"], sys_inputs=dict(told), ignore_system_fonts=True
    )
    return made
