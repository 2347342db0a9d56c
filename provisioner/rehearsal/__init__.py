"""A platform, small, on the machine in front of you: its click, its database, its edge and its habits."""
