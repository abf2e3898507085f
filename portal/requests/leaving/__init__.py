"""Leaving with data: chosen item by item, packed for the person or for another city, fetched by that city itself."""
