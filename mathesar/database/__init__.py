"""Django's PostgreSQL backend with the internal tables in a schema of their own."""
