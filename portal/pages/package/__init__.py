"""What a package of everything holds: the same as the pages show, to whom they show it, as files."""
