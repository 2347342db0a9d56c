"""Messages about the list of user databases: MP2xx."""

from provisioner.catalogue.rule import Rule, error, warning

_FORM = "Write (name|url),(name|url); percent-encode , | ( ) inside a URL as %2C %7C %28 %29."

RULES: tuple[Rule, ...] = (
    error(
        "MP201",
        "entry-syntax",
        "The list is not of the form (name|url),(name|url){reason}.",
        "One broken entry makes the whole list unreadable, and nothing of it is used.",
        _FORM + " Or use one variable for each database: MATHESAR_DATABASE_<NAME>_URL.",
    ),
    error(
        "MP202",
        "name-empty",
        "The entry has no name.",
        "The name is what people see.",
        "Write a name before the |.",
    ),
    error(
        "MP203",
        "name-length",
        "The name is longer than 128 characters.",
        "It would not fit in a list.",
        "Shorten it.",
    ),
    error(
        "MP204",
        "name-chars",
        "The name holds a character that names cannot have.",
        "Slashes, angle brackets, quotes and control characters are refused.",
        "Use letters, digits, spaces and ordinary punctuation.",
    ),
    error(
        "MP205",
        "name-reserved",
        "The name default is reserved, and so is mathesar_internal.",
        "It stands for the database that DATABASE_URL names.",
        "Choose another name.",
    ),
    error(
        "MP206",
        "name-duplicate",
        "The name is used twice.",
        "Names are compared without regard to case or Unicode form.",
        "Give each database its own name.",
    ),
    error(
        "MP207",
        "too-many",
        "There are more than {limit} entries.",
        "The list is limited.",
        "Remove entries, or run a second install.",
    ),
    warning(
        "MP208",
        "same-target",
        "It leads to the same database as another entry.",
        "It is allowed, and the same tables will be seen under two names.",
        "Remove one if that is not meant.",
    ),
)
