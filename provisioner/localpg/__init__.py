"""PostgreSQL programs on this machine, and the account that may run them."""
