"""Messages of life after installation: backup, restore, update check; MP521 to MP539."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP521", "backup-exists", "There is a file of that name already.",
        "A backup never takes the place of another by accident.",
        "Choose another name, or add --force.",
    ),
    error(
        "MP522", "backup-unusable", "This file cannot be {what}: {reason}.",
        "The system says no.",
        "Check the folder, its rights and its free space.",
    ),
    error(
        "MP523", "backup-nothing", "There is nothing to back up: this internal database was never prepared.",
        "Its tables are made by the first start.",
        "Check {variable}: it may lead elsewhere than you mean.",
    ),
    error(
        "MP524", "internal-newer", "The internal database was prepared by a newer Mathesar than this one ({version}).",
        "What that version added is not known here, and would be missing in the backup.",
        "Run the command with the Mathesar that serves this database.",
    ),
    error(
        "MP525", "backup-newer", "The backup was made by a newer Mathesar ({made}) than this one ({version}).",
        "It may hold what this version knows nothing of.",
        "Install version {made} or later, and restore with that.",
    ),
    error(
        "MP526", "backup-damaged", "This is no whole Mathesar backup: {reason}.",
        "Nothing of it is restored, and nothing was changed.",
        "Take another copy; a file that was cut off or altered cannot be mended.",
    ),
    error(
        "MP527", "restore-not-empty", "The internal database is in use: {what}.",
        "Restoring replaces everything in it.",
        "Back it up first; then add --replace.",
    ),
    error(
        "MP528", "restore-refused", "The internal database does not take the backup: {reason}.",
        "All of it is restored, or nothing: nothing was changed.",
        "Look at the database's own log; the backup is whole.",
    ),
    warning(
        "MP529", "restore-locked", "{locked} of {total} stored connections cannot be opened with the present key.",
        "They are as they were backed up, under the SECRET_KEY of that install.",
        "Set SECRET_KEY, or SECRET_KEY_FALLBACKS, to the key of the install that was backed up, and restart; or "
        "restore again a backup made with MATHESAR_BACKUP_PASSPHRASE.",
    ),
    warning(
        "MP530", "backup-key-inside", "Nobody set SECRET_KEY here: the key is in this database, wrapped under its "
        "password.",
        "Restored to a database with another password, the backup keeps its stored connections locked.",
        "For a backup that opens anywhere, set MATHESAR_BACKUP_PASSPHRASE and make it again.",
    ),
    error(
        "MP531", "backup-passphrase-short", "This passphrase has fewer than {least} characters.",
        "Who has the file can try passphrases as fast as their machines allow.",
        "Take a longer one, such as the output of: openssl rand -base64 24",
    ),
    error(
        "MP532", "backup-passphrase-wrong", "This passphrase does not open the key in the backup.",
        "Nothing was changed.",
        "Correct it; or leave it unset, where the key of that install is set as SECRET_KEY.",
    ),
    error(
        "MP533", "update-unreachable", "It could not be asked whether there is a newer version: {reason}.",
        "The release page did not answer, or not as it should.",
        "Try again later, look at the page yourself, or name a mirror in MATHESAR_UPDATE_URL.",
    ),
    error(
        "MP534", "update-url", "This address cannot be asked for releases: {reason}.",
        "What is installed next must not be decided by whoever listens on the way.",
        "Set {variable} to an https:// address that answers as GitHub's releases/latest does, or unset it.",
    ),
    error(
        "MP535", "restore-unsigned", "Nobody here can tell who made this backup: the key that signed it is not here.",
        "Whoever made or altered it decides who signs in to this install, and as what.",
        "Set SECRET_KEY (or SECRET_KEY_FALLBACKS) to the key of the install that was backed up, or "
        "MATHESAR_BACKUP_PASSPHRASE if it was made with one; or add --unsigned if you know where it comes from.",
    ),
    error(
        "MP536", "backup-keyless", "A passphrase is set, and this backup holds no key for it to open.",
        "It was made without a passphrase, or the key was taken out of it.",
        "Take the backup that was made with the passphrase; or unset {variable}, where the key of that install is set "
        "as SECRET_KEY.",
    ),
)  # fmt: skip
