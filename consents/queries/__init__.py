"""What is read of purposes and permissions."""
