"""The catalogue as readable files, one a department, and the loader that brings them into the database."""
