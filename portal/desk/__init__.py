"""The back office's own pages, above every room: what staff see of more than one of them."""
