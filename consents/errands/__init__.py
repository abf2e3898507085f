"""Errands: a department's own service leads a resident to one question and back again."""
