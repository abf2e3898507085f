"""The rules of permission: pure, no database, request or clock."""
