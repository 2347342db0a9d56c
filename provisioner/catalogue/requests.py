"""Messages about requests to the JSON API: MP85x."""

from provisioner.catalogue.rule import Rule, error

RULES: tuple[Rule, ...] = (
    error(
        "MP851", "request-not-signed-in", "Nobody is signed in.",
        "The API needs a session, or a token of somebody's account page.",
        "Send Authorization: Bearer mts_… with a token that is valid.",
    ),
    error(
        "MP852", "request-forbidden", "This may be done by superusers only.",
        "Connections are managed by superusers.",
        "Use the session or token of a superuser; with a session send the CSRF token, too.",
    ),
    error(
        "MP853", "request-unknown-path", "There is nothing at this path.",
        "Paths are described by /api/v1/openapi.json.",
        "Check the path.",
    ),
    error(
        "MP854", "request-method", "This path does not take that method.",
        "The methods of each path are described by /api/v1/openapi.json; the header Allow lists them.",
        "Use another method.",
    ),
    error(
        "MP855", "request-unreadable", "The request's body cannot be read.",
        "It has to be one JSON object in UTF-8, of at most 1 MB.",
        "Send JSON with Content-Type: application/json.",
    ),
    error(
        "MP856", "request-failed", "The request could not be served.",
        "This is a fault of Mathesar's own.",
        "Look at the log, and report it.",
    ),
)  # fmt: skip
