"""`python -m mathesar` is the command `mathesar`."""

from mathesar.cli import main

if __name__ == "__main__":
    main()
