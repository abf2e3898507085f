"""The API over permissions: checks, disclosures, uses, questions, changes."""
