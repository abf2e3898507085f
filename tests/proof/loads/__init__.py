"""The loads one by one, each with `held(town) -> str`; imported once Django is set up, as they import models."""
