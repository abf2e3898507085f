"""Erasure (GDPR 17): what would go is told first, each source does its part once, what came of it is signed."""
