"""Apple Health: `export.xml`, as a rule in `export.zip`."""
