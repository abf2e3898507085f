"""How the portal reads a department's own system, said in plain sentences: for whoever builds one."""
