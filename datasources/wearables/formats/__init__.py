"""The formats of exports: recognised by what is in them, never by a name. None knows another."""

from datasources.wearables.formats.all import FORMATS
from datasources.wearables.formats.walking import read, recognise
from datasources.wearables.reading.format import Format

__all__ = ["FORMATS", "Format", "read", "recognise"]
