"""Messages of the installed packages' own commands: MP55x."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP551", "settings-file", "The service's settings cannot be read: {reason}.",
        "In the Debian package the service and the command mathesar read this file and nothing else.",
        "Write one NAME=value a line, # before a comment, and keep the file readable for root and the group mathesar.",
    ),
    error(
        "MP552", "not-the-service", "{variable} works on the service's own database, which only root and the user "
        "mathesar may open.",
        "Run by somebody else it would quietly make a second, empty install in that person's home.",
        "Run it as root: sudo {variable}",
    ),
    error(
        "MP553", "python-unsupported", "This package has no compiled libraries for Python {reason}.",
        "Some libraries are compiled for each minor version of Python, and none of those in it is the system's.",
        "Install the package's newest version, or let {variable} be the distribution's own Python again.",
    ),
)  # fmt: skip
