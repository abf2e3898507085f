"""Web interfaces: OAuth2 client credentials, pages by cursor, one person by a code in the body."""
