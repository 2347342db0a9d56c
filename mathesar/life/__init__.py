"""Life after installation: backup and restore, taking the Mathesar schema out again, asking for a newer version."""
