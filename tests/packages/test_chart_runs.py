"""The environment and the command of the chart's pods, run as ordinary processes on a real PostgreSQL.

No cluster is here: what the kubelet does (Secrets into variables, probes by the pod's address) is done by the test.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from provisioner import plan
from tests.packages import chart
from tests.packages.chart import FULL, Json, Rendered, decoded, merged, render
from tests.postgres import PostgresServer, free_port
from tests.system.process import Mathesar, run
from tests.system.test_first_run import claim
from tests.system.visitor import Visitor

pytestmark = pytest.mark.prove
HOST = "data.example.com"
POD_ADDRESS = "10.244.3.17:8000"  # what the kubelet asks for: the pod's own


@dataclass(frozen=True)
class Site:
    """What was rendered, and two replicas of it that serve."""

    made: Rendered
    pods: tuple[Mathesar, ...]
    hook: str


@pytest.fixture(scope="module")
def site(server: PostgresServer, address: str, sslmode: str | None) -> Iterator[Site]:
    """Run the hook, then two replicas at once, as the rendered objects say."""
    server.create_role("owner", "0wner-Secret", "LOGIN")
    urls = {}
    for name in ("chart_internal", "chart_sales", "chart_staff"):
        server.create_database(name, owner="owner")
        urls[name] = server.url(name, user="owner", password="0wner-Secret", host=address, sslmode=sslmode)
    values: Json = {
        "databases": {"sales": {"url": urls["chart_sales"]}, "staff": {"secretName": "staff-app"}},
    }
    foreign = {"pg-app": {"uri": urls["chart_internal"]}, "staff-app": {"uri": urls["chart_staff"]}}
    made = render(merged(chart.USUAL, chart.ROUTES["ingress"], values))
    hook = run(*_command(made, "Job", chart.HOOK, foreign))
    assert hook.returncode == 0, hook.stdout + hook.stderr
    with ExitStack() as stack:
        (command, *rest), environ = _command(made, "Deployment", FULL, foreign)
        assert rest == []
        pods = [stack.enter_context(Mathesar({**environ, "PORT": str(free_port())}, command)) for _ in range(2)]
        yield Site(made, tuple(pod.wait() for pod in pods), hook.stdout)


def test_the_hook_prepared_the_database_before_the_pods(site: Site):
    assert "Prepared the internal database" in site.hook
    assert all("Prepared" not in pod.log for pod in site.pods)


def test_it_knows_where_it_runs(site: Site):
    for pod in site.pods:
        pod.wait_for_line(f"serves https://{HOST} (Kubernetes;")


def test_every_probe_is_answered_at_the_pods_own_address(site: Site):
    (container,) = site.made.find("Deployment")["spec"]["template"]["spec"]["containers"]
    probes = {container[kind]["httpGet"]["path"] for kind in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert probes == {"/livez", "/readyz"}
    for pod in site.pods:
        for path in probes:
            answer = pod.get(path, headers={"Host": POD_ADDRESS, "User-Agent": "kube-probe/1.37"})
            assert (answer.status, answer.body) == (200, "ok\n")


def test_people_are_answered_at_the_ingresss_host_alone(site: Site):
    pod = site.pods[0]
    assert pod.get("/sign-in", headers={"Host": POD_ADDRESS, "X-Forwarded-Proto": "https"}).status == 400
    sent = pod.get("/setup", headers={"Host": HOST})
    assert (sent.status, sent.headers["location"]) == (301, f"https://{HOST}/setup")


def test_one_replica_takes_the_code_of_the_secret_and_the_other_knows_it(site: Site):
    code = decoded(site.made.find("Secret")["data"])["MATHESAR_SETUP_CODE"]
    first, second = (Visitor(HOST, pod.port) for pod in site.pods)
    assert claim(first, code) == 302
    second.cookies = first.cookies
    page = second.request("GET", "/databases/")
    assert page.status == 200
    assert [name for name in ("chart_internal", "sales", "staff") if name not in page.body] == []


def test_the_pods_have_the_time_that_the_app_takes_to_stop(site: Site):
    spec = site.made.find("Deployment")["spec"]["template"]["spec"]
    slept = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    keys = {"uri": "postgresql://a:b@db.example.com/c"}
    read = plan(site.made.environ("Deployment", **{"pg-app": keys, "staff-app": keys}))
    assert spec["terminationGracePeriodSeconds"] - slept >= read.graceful_timeout + 5
    assert (read.memory_mb, read.connection_limit) == (512, 50)


def _command(made: Rendered, kind: str, name: str, foreign: dict[str, Json]) -> tuple[list[str], dict[str, str]]:
    """Return what follows `mathesar` in the container's command, and its environment."""
    (container,) = made.find(kind, name)["spec"]["template"]["spec"]["containers"]
    program, *arguments = container["command"]
    assert program == "mathesar"
    return arguments, made.environ(kind, name, **foreign)
