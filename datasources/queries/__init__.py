"""Reading what the city holds. A read starts from the person."""
