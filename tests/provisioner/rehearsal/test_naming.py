"""Names of the private network: for one process, and for nobody else."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from provisioner.rehearsal import naming


def test_nothing_is_needed_where_it_is_not_possible(monkeypatch: pytest.MonkeyPatch):
    naming.possible.cache_clear()
    monkeypatch.setenv("PATH", "/nowhere")
    assert not naming.possible()
    naming.possible.cache_clear()


@pytest.mark.skipif(not naming.possible(), reason="no namespaces")
def test_the_names_are_in_the_file_of_the_command_alone(tmp_path: Path):
    before = Path("/etc/hosts").read_text()
    hosts = {"db.tiny.internal": "192.0.2.7", "other": "192.0.2.8"}
    command = naming.with_names(tmp_path, hosts, ["sh", "-c", "cat /etc/hosts; exit 7"], None)
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={"PATH": os.defpath})
    assert done.returncode == 7
    assert "192.0.2.7 db.tiny.internal\n" in done.stdout
    assert done.stdout.startswith("127.0.0.1 localhost\n")
    assert Path("/etc/hosts").read_text() == before


@pytest.mark.skipif(not naming.possible(), reason="no namespaces")
def test_a_folder_with_an_odd_name(tmp_path: Path):
    odd = tmp_path / "it's a $(false) folder"
    odd.mkdir()
    command = naming.with_names(odd, {"one": "192.0.2.7"}, ["grep", "-c", "192.0.2.7", "/etc/hosts"], None)
    assert subprocess.run(command, capture_output=True, text=True, check=False).stdout == "1\n"
