"""The catalogue, the sources and their pulls in the back office."""

from datasources.admin import catalogue, pulls, sources

__all__ = ["catalogue", "pulls", "sources"]
