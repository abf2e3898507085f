"""The demo's identity services: strong identification of residents, and the city's staff provider."""
