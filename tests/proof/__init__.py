"""Proofs that take minutes: `python -m tests.proof PART`. One module a part, with `prove() -> str`: what was seen."""
