"""Messages about the configuration file: MP141 to MP159."""

from provisioner.catalogue.rule import Rule, error, warning

_ANOTHER = "or name another file with --config or MATHESAR_CONFIG (/dev/null for none)."

RULES: tuple[Rule, ...] = (
    error(
        "MP141",
        "config-missing",
        "There is no such configuration file.",
        "A file that is named is meant; starting without it would be starting with something else.",
        "Write it (mathesar config example prints one), " + _ANOTHER,
    ),
    error(
        "MP142",
        "config-unreadable",
        "The configuration file cannot be read: {reason}.",
        "What it says is not known, and must not be guessed.",
        "Run this as a user who may read it, " + _ANOTHER,
    ),
    error(
        "MP143",
        "config-encoding",
        "The configuration file is not UTF-8 text, at line {line}, column {column}.",
        "TOML is always UTF-8.",
        "Save it as UTF-8.",
    ),
    error(
        "MP144",
        "config-syntax",
        "The configuration file is not TOML, at line {line}, column {column}: {reason}.",
        "Nothing of it can be used as long as one line of it cannot be read.",
        'Write key = "value" with straight quotes, true, false, a whole number or ["a", "b"]; see https://toml.io',
    ),
    error(
        "MP145",
        "config-unknown-key",
        "The configuration file knows no such key{meant}",
        "A misspelt key is as if the setting were absent.",
        "Correct it or take it out; mathesar config example lists every key.",
    ),
    error(
        "MP146",
        "config-type",
        "{key} has to be {expected}, and is {given}.",
        "TOML's types are taken as they are written.",
        "Write {example}",
    ),
    error(
        "MP147",
        "config-key-twice",
        "{key} and {other} are the same setting.",
        "It would be a guess which one is meant.",
        "Remove one of them.",
    ),
    error(
        "MP148",
        "config-misplaced",
        "{key} stands below [databases], and would be a database's name there.",
        "In TOML a table goes on up to the next one, or to the end of the file.",
        "Move it above the line [databases].",
    ),
    error(
        "MP149",
        "config-database-name",
        "The name holds one of ( ) | and the comma.",
        "A database means the same in the file as in MATHESAR_DATABASES, which uses these between entries.",
        "Choose a name without them.",
    ),
    error(
        "MP150",
        "config-database-chars",
        "The URL holds one of ( ) | and the comma.",
        "A database means the same in the file as in MATHESAR_DATABASES, which uses these between entries.",
        "Percent-encode them: ( is %28, ) is %29, | is %7C, the comma is %2C.",
    ),
    error(
        "MP151",
        "config-list-item",
        "An item of {key} holds a comma or white space.",
        "The items are separated by them.",
        'Write each one by itself: ["a", "b"]',
    ),
    warning(
        "MP152",
        "config-readable-by-others",
        "Every user of this machine can read the configuration file, and it holds secrets.",
        "Whoever reads the key or a password can use it.",
        "Take that right away: chmod o= {path}",
    ),
    warning(
        "MP153",
        "config-writable-by-others",
        "Every user of this machine can change the configuration file.",
        "Whoever changes it decides which database and which key are used.",
        "Take that right away: chmod o= {path}",
    ),
)
