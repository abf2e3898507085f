"""The body of a sheet, out of its compression."""

import zstandard

# No source sends one person's dataset larger than this; what claims to be is not ours.
_LARGEST = 256 << 20


def body_of(compressed: bytes) -> bytes:
    """The JSON document of `datasources.protocol.Holding`."""
    return zstandard.ZstdDecompressor().decompress(compressed, max_output_size=_LARGEST)
