"""Messages about the first run and about people's accounts: MP8xx."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP801", "setup-code-wrong", "This is not the setup code.",
        "The code proves that whoever claims the install can read its log or its variables.",
        "Copy it once more from where this page says.",
    ),
    error(
        "MP802", "setup-throttled", "There were too many wrong codes. Try again in {seconds} s.",
        "Wrong codes are counted for everybody together: ten a minute.",
        "Wait, or create the first person where Mathesar runs: mathesar createsuperuser",
    ),
    error(
        "MP803", "setup-claimed", "This install is claimed already.",
        "Somebody was quicker; there is only one first person.",
        "Sign in. If that was not you, run: mathesar reset-admin",
    ),
    error(
        "MP804", "server-busy", "Many passwords are being checked at this moment.",
        "Checking one costs a tenth of a second of a whole CPU, so only a few run at once.",
        "Try again in a few seconds.",
    ),
    error(
        "MP805", "admin-password-refused", "The first superuser's password is refused by {rule}: {reason}",
        "Passwords from the environment keep to the rules that all passwords keep to.",
        "Set {variable} to a longer and less common password.",
        render="Change {variable} in the service's Environment tab.",
        railway="Change {variable} in the service's Variables tab.",
        digitalocean="Change {variable} under Settings → App-Level Environment Variables.",
        heroku="heroku config:set {variable}=…",
    ),
    error(
        "MP806", "admin-name-taken", "The name of the first superuser belongs to somebody who is not a superuser.",
        "A person who is here is never overwritten.",
        "Choose another {variable}, or run: mathesar reset-admin with this name.",
    ),
    error(
        "MP807", "admin-invalid", "The first superuser cannot be made with this value: {reason}",
        "A user name has at most 150 letters, digits and @ . + - _ characters.",
        "Correct {variable}.",
    ),
    error(
        "MP808", "person-last-superuser", "This is the last active superuser.",
        "Without one nobody could manage people and databases any more.",
        "Make somebody else a superuser first.",
    ),
    error(
        "MP809", "person-oneself", "You cannot do this to yourself.",
        "Nobody locks themselves out by a click.",
        "Ask another superuser; your own password is changed on your account page.",
    ),
    error(
        "MP810", "person-not-allowed", "Only an active superuser may do this.",
        "Your account was changed meanwhile.",
        "Ask a superuser.",
    ),
    error(
        "MP811", "person-name-taken", "There is a person of that name already.",
        "Names are unique; case does not tell them apart.",
        "Choose another user name.",
    ),
    error(
        "MP812", "password-wrong", "This is not your current password.",
        "It is asked for, so that nobody else changes the password of a session left open.",
        "Type the password that you sign in with now.",
    ),
    error(
        "MP813", "password-throttled", "There were too many wrong passwords. Try again in {seconds} s.",
        "Guessing is slowed down; nobody is locked out for good.",
        "Wait that long.",
    ),
    error(
        "MP814", "token-too-many", "There can be at most {most} tokens for one person.",
        "Each is one more key to your account.",
        "Revoke one that is not used any more.",
    ),
)  # fmt: skip
