"""Three made-up departments as real systems on loopback: a database, a web interface, files over SFTP."""
