"""/livez and /readyz."""
