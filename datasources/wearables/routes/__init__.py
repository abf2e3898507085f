"""Where somebody went, for themselves alone: gathered only where they ask for it, thinned, drawn, written."""
