"""CSV files fetched by SFTP."""
