"""The GDPR API that services of a city profile offer: one person's data as a tree, for a token of that person."""
