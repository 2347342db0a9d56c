"""An older Mathesar's configuration as today's variables: read, converted, written, told."""
