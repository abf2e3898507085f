"""Moving between cities: packages that a resident carries or sends for, and what of them was accepted here."""
