"""The Pod Security Standards' restricted profile, as rules of our own.

Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/ (baseline and restricted, for pods of
Linux). Each rule is a function of a pod's spec that yields what breaks it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

Json = dict[str, Any]
Rule = Callable[[Json], Iterator[str]]

VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image", "persistentVolumeClaim", "projected", "secret",
}  # fmt: skip
SYSCTLS = {
    "kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_unprivileged_port_start",
    "net.ipv4.tcp_syncookies", "net.ipv4.ping_group_range", "net.ipv4.ip_local_reserved_ports",
    "net.ipv4.tcp_keepalive_time", "net.ipv4.tcp_fin_timeout", "net.ipv4.tcp_keepalive_intvl",
    "net.ipv4.tcp_keepalive_probes",
}  # fmt: skip
SELINUX = {None, "", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"}
SECCOMP = {"RuntimeDefault", "Localhost"}
ACTIONS = ("httpGet", "tcpSocket")


def broken(pod: Json) -> list[str]:
    """Return what in a pod's spec breaks the profile; nothing where it holds."""
    return [f"{rule.__name__.strip('_')}: {what}" for rule in RULES for what in rule(pod)]


def _containers(pod: Json) -> Iterator[Json]:
    for kind in ("initContainers", "containers", "ephemeralContainers"):
        yield from pod.get(kind, [])


def _contexts(pod: Json) -> Iterator[tuple[str, Json]]:
    yield "the pod", pod.get("securityContext", {})
    for container in _containers(pod):
        yield container["name"], container.get("securityContext", {})


def _host_namespaces(pod: Json) -> Iterator[str]:
    yield from (name for name in ("hostNetwork", "hostPID", "hostIPC") if pod.get(name))


def _host_process(pod: Json) -> Iterator[str]:
    yield from (name for name, context in _contexts(pod) if context.get("windowsOptions", {}).get("hostProcess"))


def _privileged(pod: Json) -> Iterator[str]:
    yield from (name for name, context in _contexts(pod) if context.get("privileged"))


def _capabilities(pod: Json) -> Iterator[str]:
    for container in _containers(pod):
        given = container.get("securityContext", {}).get("capabilities", {})
        if "ALL" not in given.get("drop", []) or set(given.get("add", [])) - {"NET_BIND_SERVICE"}:
            yield container["name"]


def _volumes(pod: Json) -> Iterator[str]:
    yield from (each["name"] for each in pod.get("volumes", []) if not set(each) - {"name"} <= VOLUMES)


def _host_ports(pod: Json) -> Iterator[str]:
    yield from (
        each["name"] for each in _containers(pod) if any(port.get("hostPort") for port in each.get("ports", []))
    )


def _probes_and_hooks(pod: Json) -> Iterator[str]:
    """No host of its own: the kubelet would ask it from the node's network."""
    for container in _containers(pod):
        asked = [container.get(f"{kind}Probe", {}) for kind in ("liveness", "readiness", "startup")]
        asked += container.get("lifecycle", {}).values()
        if any(each.get(action, {}).get("host") for each in asked for action in ACTIONS):
            yield container["name"]


def _apparmor(pod: Json) -> Iterator[str]:
    allowed = {"RuntimeDefault", "Localhost"}
    yield from (
        name
        for name, context in _contexts(pod)
        if context.get("appArmorProfile") and context["appArmorProfile"].get("type") not in allowed
    )


def _selinux(pod: Json) -> Iterator[str]:
    for name, context in _contexts(pod):
        options = context.get("seLinuxOptions", {})
        if options.get("type") not in SELINUX or options.get("user") or options.get("role"):
            yield name


def _proc_mount(pod: Json) -> Iterator[str]:
    yield from (name for name, context in _contexts(pod) if context.get("procMount", "Default") != "Default")


def _sysctls(pod: Json) -> Iterator[str]:
    given = pod.get("securityContext", {}).get("sysctls", [])
    yield from (each["name"] for each in given if each["name"] not in SYSCTLS)


def _privilege_escalation(pod: Json) -> Iterator[str]:
    for container in _containers(pod):
        if container.get("securityContext", {}).get("allowPrivilegeEscalation") is not False:
            yield container["name"]


def _non_root(pod: Json) -> Iterator[str]:
    whole = pod.get("securityContext", {}).get("runAsNonRoot")
    for container in _containers(pod):
        if container.get("securityContext", {}).get("runAsNonRoot", whole) is not True:
            yield container["name"]


def _non_root_user(pod: Json) -> Iterator[str]:
    yield from (name for name, context in _contexts(pod) if context.get("runAsUser") == 0)


def _seccomp(pod: Json) -> Iterator[str]:
    whole = pod.get("securityContext", {}).get("seccompProfile")
    for container in _containers(pod):
        profile = container.get("securityContext", {}).get("seccompProfile", whole) or {}
        if profile.get("type") not in SECCOMP:
            yield container["name"]
    if whole and whole.get("type") not in SECCOMP:
        yield "the pod"


RULES: tuple[Rule, ...] = (
    _host_namespaces, _host_process, _privileged, _capabilities, _volumes, _host_ports, _probes_and_hooks, _apparmor,
    _selinux, _proc_mount, _sysctls, _privilege_escalation, _non_root, _non_root_user, _seccomp,
)  # fmt: skip
