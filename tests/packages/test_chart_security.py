"""Every pod of the chart holds the restricted Pod Security Standard, and what we ask of it besides."""

from __future__ import annotations

from copy import deepcopy

import pytest

from tests.packages import chart
from tests.packages.chart import FULL, USUAL, Json, merged, render
from tests.packages.pod_security import RULES, broken

pytestmark = pytest.mark.prove

FENCED = merged(chart.BASE, chart.DATABASES["trial"], chart.FENCES["fenced"])


# The rule that must see it, where the fault is put over a pod of the chart, and the fault.
FAULTS: list[tuple[str, str, Json]] = [
    ("host_namespaces", "pod", {"hostNetwork": True}),
    ("host_namespaces", "pod", {"hostPID": True}),
    ("host_process", "context", {"windowsOptions": {"hostProcess": True}}),
    ("privileged", "context", {"privileged": True}),
    ("capabilities", "context", {"capabilities": {"drop": ["NET_RAW"]}}),
    ("capabilities", "context", {"capabilities": {"drop": ["ALL"], "add": ["SYS_ADMIN"]}}),
    ("volumes", "pod", {"volumes": [{"name": "host", "hostPath": {"path": "/"}}]}),
    ("host_ports", "container", {"ports": [{"containerPort": 8000, "hostPort": 80}]}),
    ("probes_and_hooks", "container", {"livenessProbe": {"httpGet": {"path": "/", "port": 1, "host": "10.0.0.1"}}}),
    ("apparmor", "context", {"appArmorProfile": {"type": "Unconfined"}}),
    ("selinux", "context", {"seLinuxOptions": {"type": "spc_t"}}),
    ("proc_mount", "context", {"procMount": "Unmasked"}),
    ("sysctls", "pod", {"securityContext": {"sysctls": [{"name": "kernel.msgmax", "value": "1"}]}}),
    ("privilege_escalation", "context", {"allowPrivilegeEscalation": True}),
    ("non_root", "context", {"runAsNonRoot": False}),
    ("non_root_user", "context", {"runAsUser": 0}),
    ("seccomp", "context", {"seccompProfile": {"type": "Unconfined"}}),
]


def test_every_pod_of_the_matrix_is_restricted():
    seen = set()
    for name, values in chart.matrix():
        for what, pod in render(values).pods():
            assert broken(pod["spec"]) == [], f"{name}: {what}"
            seen.add(what)
    assert seen == {f"Deployment {FULL}", f"Job {chart.HOOK}", f"StatefulSet {FULL}-db"}


@pytest.mark.parametrize(("rule", "place", "fault"), FAULTS)
def test_a_fault_is_seen_by_its_rule(rule: str, place: str, fault: Json):
    pod = deepcopy(render(USUAL).find("Deployment")["spec"]["template"]["spec"])
    (container,) = pod["containers"]
    parts = {"pod": pod, "container": container, "context": container["securityContext"]}
    parts[place].update(merged(parts[place], fault))
    assert [each.partition(":")[0] for each in broken(pod)] == [rule]


def test_each_rule_has_a_fault():
    assert {rule.__name__.strip("_") for rule in RULES} == {rule for rule, _, _ in FAULTS}


@pytest.mark.parametrize("values", [USUAL, FENCED])
def test_what_we_ask_besides(values: Json):
    for what, pod in render(values).pods():
        spec = pod["spec"]
        assert spec["automountServiceAccountToken"] is False, what
        assert spec["enableServiceLinks"] is False, what
        for each in spec["containers"]:
            assert each["securityContext"]["readOnlyRootFilesystem"] is True, what
            assert {"cpu", "memory"} <= set(each["resources"]["requests"]), what
            assert "memory" in each["resources"]["limits"], what
            assert "args" not in each, what
            mounted = {mount["name"] for mount in each["volumeMounts"]}
            claimed = {"data"} if what.startswith("StatefulSet") else set()
            assert mounted == {volume["name"] for volume in spec["volumes"]} | claimed, what
        wanted = 999 if what.startswith("StatefulSet") else 10001
        assert spec["securityContext"]["runAsUser"] == wanted, what


def test_the_images_user_is_the_pods():
    dockerfile = (chart.ROOT / "Dockerfile").read_text()
    assert "USER 10001:10001\n" in dockerfile


def test_only_the_app_reaches_the_trial_database():
    made = render(FENCED)
    policy = made.find("NetworkPolicy", f"{FULL}-db")["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert "egress" not in policy
    (way_in,) = policy["ingress"]
    (peer,) = way_in["from"]
    assert peer["podSelector"]["matchExpressions"][0]["values"] == ["app", "release"]


def test_nothing_is_let_into_the_app_but_its_port():
    (way_in,) = render(USUAL).find("NetworkPolicy")["spec"]["ingress"]
    assert way_in == {"ports": [{"port": "http"}]}
    (way_in,) = render(FENCED).find("NetworkPolicy")["spec"]["ingress"]
    assert way_in["from"] == [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress-nginx"}}}]


def test_the_way_out_is_names_and_databases():
    rules = render(FENCED).find("NetworkPolicy", f"{FULL}-out")["spec"]["egress"]
    assert [[port["port"] for port in rule["ports"]] for rule in rules] == [[53, 53], [5432], [5432], [6432]]
    assert [rule["to"][0]["ipBlock"]["cidr"] for rule in rules[2:]] == ["10.0.0.0/8", "fd00::/8"]
