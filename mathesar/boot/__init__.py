"""From a checked environment to a served Mathesar: wait, lock, migrate, reconcile, serve, in one process."""
