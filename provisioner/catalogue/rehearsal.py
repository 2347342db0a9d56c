"""Messages of a rehearsal: MP97x."""

from provisioner.catalogue.rule import Rule, error, warning

RULES: tuple[Rule, ...] = (
    error(
        "MP971", "release-failed", "The release step failed.",
        "The platform gives up here, and the release that served goes on serving.",
        "Read the lines of its log below.",
    ),
    error(
        "MP972", "start-failed", "The app ended by itself while it started.",
        "The platform starts it again some times, then gives up.",
        "Read the lines of its log below.",
    ),
    error(
        "MP973", "boot-slow", "Nothing listened on the port within the platform's {seconds} s.",
        "What does not listen in time is taken for dead and ended.",
        "Do less before listening: migrate in the release step, and start fewer processes.",
    ),
    error(
        "MP974", "health-refused", "The health check does not pass: {said}.",
        "The platform never sends people to an instance that does not pass.",
        "Let the path answer 200 without a login, a redirect and a check of the host.",
    ),
    error(
        "MP975", "out-of-memory", "It needs more memory than the plan has.",
        "The kernel ends a container that is full, with its requests.",
        "Choose a larger plan, or fewer processes.",
    ),
    error(
        "MP976", "answer-missing", "The platform asks for {variable}, and there is no answer.",
        "Whoever presses the button is asked for it, and cannot go on without.",
        "Give one: --answer {variable}=VALUE, or --answer {variable} where it is in your environment.",
    ),
    error(
        "MP977", "connections-over", "{most} connections were open at once, and the database has {limit} for the app.",
        "A deploy has two releases running for a moment, each with its own connections.",
        "Use fewer processes or a smaller pool, or a larger database plan.",
    ),
    error(
        "MP978", "manifest-refused", "The platform would refuse this manifest: {reason}.",
        "Nothing is made, and the click ends with an error.",
        "Compare it with the platform's own reference.",
    ),
    warning(
        "MP979", "answer-in-arguments", "A secret was given as an argument of this command.",
        "Other users of this machine see the arguments of a running command, and shells keep them in a history.",
        "Put it into the environment and give --answer {variable} alone, or leave out both --answer and --yes.",
    ),
)  # fmt: skip
