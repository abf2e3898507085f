"""Made-up services of makers of watches, after the papers of Oura and Polar: a page that asks, tokens, data."""
