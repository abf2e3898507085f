"""What the pages are held to, measured on a running portal: `python -m tests.measures`."""
