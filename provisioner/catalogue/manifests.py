"""Messages about manifests: 90x reading, 91x invalid, 92x deprecated, 93x not sold, 94x unsafe, 95x the click."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP901", "manifest-unreadable", "It cannot be read: {reason}.",
        "The platform's reader stops here too, often only after the button was pressed.",
        "Correct the text at this place.",
    ),
    error(
        "MP902", "manifest-unknown", "This is no manifest that any known platform reads.",
        "A manifest is recognised by its name, or else by what is in it.",
        "Name the platform with --platform, or the file as the platform wants it.",
    ),
    error(
        "MP903", "manifest-empty", "There is nothing in it that the platform could read; {expected} is expected.",
        "An empty file, or one of another kind under this name.",
        "Write the manifest, or remove the file.",
    ),
    warning(
        "MP904", "key-twice", "This key is written twice; some readers take the last one, some refuse.",
        "What stands first is lost without a word.",
        "Remove one of them.",
    ),
    error(
        "MP905", "file-misplaced", "The platform does not find this file: {reason}.",
        "Each platform looks for one name in one place, and says that there is no manifest where it is another.",
        "{fix}.",
    ),
    error(
        "MP911", "field-unknown", "There is no such field here.{meant}",
        "The platform refuses the file, or passes over the field in silence.",
        "Remove it, or put it where it belongs.",
    ),
    error(
        "MP912", "field-absent", "The field {field} is missing.",
        "The platform refuses the file without it.",
        "Add {field}.",
    ),
    error(
        "MP913", "field-value", "The value is none of those that are allowed: {expected}.",
        "The platform refuses the file.",
        "Choose one of them.",
    ),
    error(
        "MP914", "field-type", "This must be {expected}.",
        "The platform refuses a value of another type.",
        "Write it as {expected}.",
    ),
    error(
        "MP915", "field-form", "The value does not fit: {reason}.",
        "The platform refuses the file.",
        "Correct the value.",
    ),
    warning(
        "MP916", "reference-unknown", "It refers to {name}, which this file does not define.",
        "Unless it exists already in the same account, the platform refuses the file or leaves the variable empty.",
        "Define {name}, or correct the reference.",
    ),
    error(
        "MP917", "fields-conflict", "Two things here exclude each other: {reason}.",
        "The platform refuses the file, or takes one of the two.",
        "Keep one of the two.",
    ),
    warning(
        "MP921", "field-deprecated", "This field is an old one: {instead}.",
        "The platform still reads it; its schema marks it as old, or does not list it any more.",
        "Use what takes its place.",
    ),
    warning(
        "MP922", "value-loose", "The platform's schema wants {expected} here.",
        "The platform may read it; editors and validators that use its schema refuse it.",
        "Write it as {expected}.",
    ),
    error(
        "MP923", "file-retired", "The platform reads this file no longer: {reason}.",
        "A file that no platform reads changes nothing, and nothing says so.",
        "{fix}.",
    ),
    warning(
        "MP924", "value-deprecated", "This value is an old one: {instead}.",
        "The platform still takes it, for now.",
        "Use what takes its place.",
    ),
    error(
        "MP931", "plan-retired", "The plan {plan} is not sold any more.",
        "New ones cannot be made with it: the deploy fails at the click, though the schema may accept the name.",
        "Use {instead}, and compare what both cost.",
    ),
    error(
        "MP932", "version-retired", "Version {version} of {what} is not offered any more.",
        "A new one cannot be made with a version past its end of life.",
        "Use {instead}.",
    ),
    warning(
        "MP933", "version-ending", "{what} {version} ends soon: {when}.",
        "After that new builds or databases are refused.",
        "Use {instead}.",
    ),
    warning(
        "MP934", "plan-unknown", "No plan of this name is known (as of {date}): {known}.",
        "It may be new, or misspelt; the platform alone knows.",
        "Compare it with the platform's list of plans.",
    ),
    error(
        "MP935", "plan-unfit", "The plan {plan} cannot have this: {reason}.",
        "The platform refuses the combination at the click.",
        "Choose a larger plan, or leave it out.",
    ),
    warning(
        "MP936", "plan-implicit", "No plan is named, so it will be {plan}.",
        "What is not named is the platform's default, which costs money and changes without notice.",
        "Name the plan.",
    ),
    warning(
        "MP937", "version-ended", "{what} {version} is past its end of life.",
        "It gets no fixes any more, not even of security holes; the image itself can still be had.",
        "Use {instead}; the data have to be dumped and restored, or upgraded.",
    ),
    error(
        "MP941", "secret-in-clear", "{name} has its secret written out in this file.",
        "Whoever reads the repository has it, and so has every install made from this file.",
        "Let the platform generate it, or ask for it; then replace the published one everywhere.",
        render="Use generateValue: true, or sync: false to be asked for it; then replace the published one everywhere.",
        heroku='Use "generator": "secret", or no value to be asked for it; then replace the published one everywhere.',
        railway="Use ${{{{secret(50)}}}} in the template; then replace the published one everywhere.",
        digitalocean="Use type: SECRET without a value, and enter it when the app is made; then replace the "
        "published one everywhere.",
        fly="Use fly secrets import for {name}; then replace the published one everywhere.",
        cloudrun='Use "generator": "secret", or no value to be asked for it; '
        "then replace the published one everywhere.",
        compose="Take it from the environment, ${{{name}:?}}, or from a file; "
        "then replace the published one everywhere.",
        aws="Let Secrets Manager generate it; then replace the published one everywhere.",
        caprover="Use a variable whose defaultValue is $$cap_gen_random_hex(64); "
        "then replace the published one everywhere.",
        coolify="Use $SERVICE_PASSWORD_64_NAME; then replace the published one everywhere.",
        dokku='Use "generator": "secret"; then replace the published one everywhere.',
        koyeb="Name a secret, {{{{ secret.NAME }}}}; then replace the published one everywhere.",
    ),
    warning(
        "MP942", "tls-off", "{what} turns TLS or its verification off.",
        "Whoever stands between the two can read and change everything.",
        "Leave it out. For a database use sslmode=require at least; verify-full where the authority is known.",
    ),
    warning(
        "MP943", "database-open", "The database {name} can be reached from the whole internet.",
        "Only its password is then in the way of anybody's tries.",
        "Let in the addresses that need it, or none.",
        render="Set ipAllowList: [] for the private network alone, or list the ranges that need it.",
    ),
    warning(
        "MP944", "image-floating", "The image has no fixed version.",
        "What is deployed changes from one day to the next, and a rollback does not bring the old one back.",
        "Name a version, best with its digest: image@sha256:…",
    ),
    warning(
        "MP945", "container-privileged", "The container may do everything on the machine that runs it.",
        "Whoever breaks into the app has the machine.",
        "Leave privileged out, and add single capabilities where they are needed.",
    ),
    error(
        "MP946", "password-off", "The database asks nobody for a password.",
        "Every container and process that reaches it reads and changes everything.",
        "Set a password, and leave POSTGRES_HOST_AUTH_METHOD out.",
    ),
    warning(
        "MP951", "health-missing", "{name} has no health check.",
        "A release that answers nothing but errors then takes the place of one that works.",
        "Name a path that answers 200 without a login.",
        render="Set healthCheckPath.",
        railway="Set healthcheckPath.",
        digitalocean="Set health_check: http_path; without one only the port is tried.",
        fly="Add a [[http_service.checks]] with a path.",
        koyeb="Add a health check with http and a path.",
        coolify="Add a healthcheck to the service.",
        compose="Add a healthcheck to the service.",
        dokku="Add a check under healthchecks: web.",
        cloudrun="Add a startupProbe with httpGet and a path.",
    ),
    error(
        "MP952", "port-fixed", "The server is told a port of its own, and the platform sends requests to another.",
        "The platform says the port in PORT; what listens elsewhere is taken for dead.",
        "Use $PORT in the command.",
    ),
    warning(
        "MP963", "port-found", "The server is told a port of its own; the platform has to find it by trying.",
        "Where it finds none in time, or another one first, the deploy fails.",
        "Use $PORT in the command.",
    ),
    error(
        "MP953", "bind-loopback", "The server listens on this machine alone.",
        "The platform's router connects from outside the container, so nothing is ever reached.",
        "Bind 0.0.0.0.",
        railway="Bind [::], which takes both address families, or 0.0.0.0.",
    ),
    error(
        "MP954", "migrate-at-build", "The database is migrated while the image is built.",
        "There is no way to the database during a build, so the first click fails.",
        "Migrate in the release or pre-deploy step, or when the app starts.",
        railway="Move it to preDeployCommand.",
        digitalocean="Move it to a job of kind PRE_DEPLOY, or to the run command.",
        heroku="Move it to the release phase.",
        fly="Move it to release_command.",
    ),
    warning(
        "MP955", "migrate-early", "The database is migrated while the new release is still being built.",
        "The old release then serves on the new schema, and a build that fails afterwards leaves it so.",
        "Move it to the pre-deploy step.",
        render="Move it to preDeployCommand (paid plans), or to the start command.",
    ),
    warning(
        "MP956", "host-check", "{name} does not let the platform's prober in, which asks as {prober}.",
        "The health check gets 400 from the host check, and the deploy fails.",
        "Add {prober}, or answer the health check before hosts are checked.",
    ),
    error(
        "MP957", "secret-shape", "What the platform generates does not serve {name}: {reason}.",
        "The app stops at its first start, after the click.",
        "Ask for the value instead, or derive the right form from a generated one at start.",
    ),
    warning(
        "MP961", "secret-framework", "What the platform generates may not serve {name}: {reason}.",
        "Frameworks check the form of such a key at their first start, after the click.",
        "Ask for the value instead, or derive the right form from a generated one at start.",
    ),
    warning(
        "MP958", "value-placeholder", "The value is a placeholder that somebody must replace.",
        "The form of the button shows it as it is, and whoever presses it through deploys it as it is.",
        "Leave the value out, so that the platform asks, or give one that works.",
    ),
    warning(
        "MP959", "shutdown-short", "Between SIGTERM and SIGKILL there is {seconds} s.",
        "Requests in flight are cut at each deploy.",
        "Give it 30 s.",
        railway="Set drainingSeconds to 30.",
    ),
    warning(
        "MP962", "health-short", "The health check gives up after {seconds} s.",
        "The first start makes the tables of a new database, and a small plan is slow: it may take a minute.",
        "Give it 300 s.",
    ),
    warning(
        "MP960", "button-implicit", "The button does not say which repository it deploys.",
        "It relies on the Referer header, which browsers shorten and the platforms no longer read.",
        "Name the repository in the URL.",
    ),
    warning(
        "MP964", "button-old", "The button has an old form, which names a repository.",
        "Railway's documents know a template by its code alone; whether this one still works, only a click tells.",
        "Publish a template, and link to https://railway.com/new/template/CODE.",
    ),
)  # fmt: skip
