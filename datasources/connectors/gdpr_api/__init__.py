"""The Helsinki profile GDPR API: one person's data as a tree, asked for with a token of that person."""
