"""The GDPR API that city profiles share: one person's data as a tree, asked for with a token of that person."""
