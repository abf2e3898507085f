"""Files that a department drops: CSV, TSV, XLSX, JSON and XML, by SFTP or in a folder of this machine."""
