"""Text in three languages: dates and times as each language writes them."""
