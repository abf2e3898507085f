"""Reading what a person brought. A read starts from the person; row security holds the same line below."""
