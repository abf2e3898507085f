"""Taking in what is sent, within a time: a worker has few threads, and no caller may keep one of them waiting."""
