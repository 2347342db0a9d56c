"""Messages about an older install's configuration, by `provisioner import`: MP161 to MP194."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP161", "import-line", "This line is not of the form NAME=value, and nothing of it was taken over.",
        "Docker Compose stops at such a line, other readers pass over it.",
        "Correct the line, or make a comment of it with #, and import again.",
    ),
    warning(
        "MP162", "import-duplicate", "It is set more than once, with different values (lines {lines}).",
        "The last one counts, as for Docker Compose.",
        "Make sure that the last one is meant. The written file keeps the other as a comment (JSON: under left).",
    ),
    warning(
        "MP163", "import-reference", "It takes in the value of {names}.",
        "Docker Compose replaces such references in .env; today's variables are taken as they are.",
        "Nothing, if that was meant. Put a literal $ into single quotes in the old file, and import again.",
    ),
    warning(
        "MP164", "import-dollar", "There is a $ inside that Docker Compose reads as the start of a reference.",
        "Nothing in the file sets what it would refer to, so the $ was taken as it is written.",
        "Compare with the value that the old install really used (docker compose config shows it).",
    ),
    error(
        "MP165", "import-unwritable", "The value holds characters that no .env file can hold, and was left out.",
        "Control characters and half of a Unicode pair cannot be written on a line.",
        "Type the value again, and import again.",
    ),
    warning(
        "MP166", "import-unknown", "Nothing here reads {variable}; it was carried over as it is.",
        "It belongs to no release of Mathesar that is known here.",
        "Remove it if nothing else needs it.",
    ),
    warning(
        "MP167", "import-gone", "There is nothing here for {what}, so {variable} was left out.",
        "This Mathesar has no such thing, or does it in another way.",
        "Nothing to set. The written file keeps the old value as a comment (JSON: under left).",
    ),
    warning(
        "MP168", "import-platform-sets", "{label} sets {variable} itself, so it was left out.",
        "A value of one's own would stand in the way of the platform's.",
        "Nothing to set.",
    ),
    warning(
        "MP169", "import-differs", "It does not say the same as {other}, which counts.",
        "Two variables of the old file name the same thing; one of them was not in use.",
        "Make sure that {other} is the one that was. The written file keeps the other as a comment (JSON: under left).",
    ),
    warning(
        "MP170", "import-default", "{names} not set, and the old Compose file's own value was taken.",
        "The old Compose file filled in what nobody set.",
        "Correct {variable} if the old install did not come from that Compose file.",
    ),
    warning(
        "MP171", "import-no-database", "The old file names no database.",
        "The old Compose file then took its own container; which one that was cannot be seen here.",
        "Import docker-compose.yml, or the folder that holds it, or set {variable} by hand.",
    ),
    warning(
        "MP172", "import-accounts", "People's accounts, and the connections, explorations and forms that they made on "
        "the old pages, are not imported.",
        "They are tables of another program in the old internal database. Nothing reads or changes those; Mathesar's "
        "own tables go into the schema mathesar_internal beside them.",
        "Sign in as a new administrator, and add again the databases that were added on the pages. The old internal "
        "database holds nothing that is needed: another one may take its place.",
    ),
    warning(
        "MP173", "import-schemas", "A database that the old install worked in may hold its schemas msar, __msar and "
        "mathesar_types.",
        "They are other people's for this Mathesar: it shows the tables, touches nothing of theirs, and does not "
        "install its own functions over them (MP709).",
        "Nothing to begin with. To install Mathesar's own, remove them first with the old release.",
    ),
    warning(
        "MP174", "import-container-host", "The host is {what}.",
        "Such a name means something only inside the old Compose network.",
        "If the new install is outside it, put the name or address under which the database is reached from there.",
    ),
    warning(
        "MP175", "import-key-weak", "The old key can be guessed ({reason}); it was left out and a new one was made.",
        "Whoever knows the key can sign in as anybody and read stored passwords. Nothing that the old key signed or "
        "encrypted is imported, so nothing is lost with it.",
        "Keep the new key of the written file.",
    ),
    warning(
        "MP176", "import-awaited", "The old configuration does not give {names}.",
        "On {label} the manifest of this project sets them: the database it makes, the key it generates, the host.",
        "Install as the platform's page says, then add these variables; without its manifest set them by hand.",
    ),
    warning(
        "MP177", "import-hosts", "Not every host was taken over: {what}.",
        "Only exact host names are answered, so that forged Host headers get nothing.",
        "Add to ALLOWED_HOSTS whatever host name is missing.",
    ),
    warning(
        "MP178", "import-admin-name", "The old file names no user for the administrator's password; admin was taken.",
        "The first superuser is made from a user name and a password together.",
        "Choose another {variable} before the first start, if you like.",
    ),
    warning(
        "MP179", "import-debug", "Debug pages are refused on a platform, so {variable} was left out.",
        "They show settings and data to anybody.",
        "Nothing to set.",
    ),
    warning(
        "MP180", "import-paste", "These hold secrets: {names}.",
        "They belong where {label} keeps an app's secrets, and into no repository.",
        "Write them with --out FILE, paste each from there, then delete the file.",
        render="Write them with --out FILE. Dashboard → the service → Environment → Add from .env; then delete the "
        "file.",
        railway="Write them with --out FILE. The service → Variables → Raw Editor; then delete the file.",
        digitalocean="Write them with --out FILE. The app → Settings → Environment Variables → Bulk Editor, tick "
        "Encrypt; then delete the file.",
        heroku="Write them with --out FILE. Dashboard → Settings → Config Vars, each from the file; then delete it. "
        "heroku config:set would leave them in the shell's history.",
        fly="Write them with --out FILE, run fly secrets import < FILE, then delete the file.",
        compose="Write them with --out .env beside compose.yaml: it is readable to you alone. For a SECRET_KEY of your "
        "own, take SECRET_KEY_FILE out of compose.yaml.",
    ),
    error(
        "MP181", "import-env-file", "A file that env_file names cannot be read.",
        "Its variables are missing from the import.",
        "Put the file beside the Compose file, and import again.",
    ),
    warning(
        "MP182", "import-service", "Service {service} has another value of it; the one of {other} counts.",
        "Each container had its own environment.",
        "Make sure that it is the one that Mathesar used.",
    ),
    warning(
        "MP183", "import-other", "It belongs to service {service}, not to Mathesar, and was left there.",
        "Only what Mathesar's service read is taken over.",
        "Nothing to set.",
    ),
    warning(
        "MP184", "import-brackets", "Brackets inside a URL were percent-encoded.",
        "The old release took them as they are; here they end an entry.",
        "Nothing: the URL means the same.",
    ),
    warning(
        "MP185", "import-unset", "It takes its value from {names}, which nothing here sets.",
        "Docker Compose then looks into the shell, and takes nothing where that has none.",
        "Put the variable into the .env beside the Compose file, and import again.",
    ),
    error(
        "MP186", "import-empty", "There is no variable in it.",
        "Nothing can be imported.",
        "Name the .env or the Compose file of the old install.",
    ),
    warning(
        "MP187", "import-hidden", "The old internal database is not shown to people ({variable} is false).",
        "The old release did not show it either, and its tables hold the old accounts.",
        "Where tables of your own are in it as well, set {variable} to true, or add it to MATHESAR_DATABASES.",
    ),
    warning(
        "MP188", "import-inner", "It was {what}, and means nothing here; it was left out.",
        "It described the old program or its containers, not the install's data.",
        "Nothing to set. The written file keeps the old value as a comment (JSON: under left).",
    ),
    warning(
        "MP189", "import-number", "It is a number without quotes, and was taken as it is written.",
        "Docker Compose may write such a number in another way: 0042 becomes 34, 1.50 becomes 1.5.",
        "Compare with the value that the old install really used (docker compose config shows it).",
    ),
    warning(
        "MP190", "import-dollars", "$$ inside was read as one $.",
        "Docker Compose reads it so; other readers of such a file take both.",
        "Nothing, if Docker Compose ran the old install. Otherwise put the value into single quotes in the old file, "
        "and import again.",
    ),
    warning(
        "MP191", "import-cut", "There is a $ inside that refers to a name which nothing here sets.",
        "Docker Compose takes the shell's value there, or nothing; nothing was put in its place. The name is not "
        "shown: it may be a piece of a password.",
        "Write a $ that is meant as such as $$, or put the variable into the .env beside the Compose file, and import "
        "again. The written file keeps the value as it was written as a comment (JSON: under left).",
    ),
    warning(
        "MP192", "import-alternative", "A reference inside it, with its own default or alternative, was replaced.",
        "It is of the form ${{NAME:-word}} or ${{NAME:+word}}, and its name is unset or empty. Docker Compose then "
        "takes the default, or nothing.",
        "Nothing, if that was meant. Put a literal $ into single quotes in the old file, and import again.",
    ),
    error(
        "MP193", "import-not-read", "This was not read: {what}.",
        "Its variables are missing from the import, and may be those that count.",
        "Run docker compose config > whole.yaml in the old folder, import whole.yaml, then delete it.",
    ),
    warning(
        "MP194", "import-read-unlike", "No way of writing it is read alike by every reader of a .env file.",
        "A backquote beside a quote, a carriage return, or a name with . or - in it. It is written as Docker Compose "
        "reads it; sh and systemd would take something else, and sh would run what is between backquotes.",
        "Have Docker Compose read the written file, or set {variable} by hand; do not read it with sh.",
    ),
)  # fmt: skip
