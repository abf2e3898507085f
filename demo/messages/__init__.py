"""Suomi.fi Messages of the demo: a stand-in with the interface of the real one, as far as it is known."""
