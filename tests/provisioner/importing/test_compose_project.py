"""Which service a variable belongs to, and which files a Compose project is made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from provisioner.importing.compose_file import read_compose
from provisioner.importing.dotenv import read_dotenv
from provisioner.importing.outcome import Imported, Read
from provisioner.importing.source import SourceError, read_source, read_text
from tests.provisioner.importing import importing

KEY = "9wq7b3uE2kV0yJcXr5TnLh8GmZsA4dPfQo6iW1xYtRvKeHgB2c"
INTERNAL = "MATHESAR_INTERNAL_DATABASE_URL"


def folder(path: Path, **files: str) -> Path:
    """Write files: `dotenv` is .env, `a_b_yml` is a.b.yml, and `a__b` is b in folder a."""
    for name, text in files.items():
        target = path / (".env" if name == "dotenv" else name.replace("__", "/").replace("_", "."))
        target.parent.mkdir(exist_ok=True)
        target.write_text(text)
    return path


def texts(read: Read) -> dict[str, str]:
    return {old.name: old.text for old in read.variables}


def found(read: Read | Imported) -> set[tuple[str, str]]:
    return {(each.code, each.variable) for each in read.findings}


OTHERS = """\
services:
  mathesar:
    image: mathesar/mathesar:0.2.0
    environment: {POSTGRES_HOST: db, POSTGRES_PASSWORD: m1nePW}
  n8n:
    image: n8nio/n8n
    environment:
      DATABASE_URL: postgresql://n8n:f0reignPW@other/n8n
      PORT: 5678
      DEBUG: 'true'
      SECRET_KEY: f0reignKEY
      MATHESAR_ADMIN_PASSWORD: f0reignPW
      DJANGO_DATABASE_URL: postgresql://n8n:f0reignPW@other/n8n
  db:
    environment: {POSTGRES_PASSWORD: m1nePW, POSTGRES_DB: tables, PGDATA: /data}
"""


def test_another_apps_variables_are_left_to_it() -> None:
    imported = importing.convert_read(read_text(OTHERS, "standard input"))
    values = importing.values(imported)
    assert values[INTERNAL] == "postgresql://mathesar:m1nePW@db:5432/tables"
    assert "f0reign" not in importing.held(imported)
    left = ("DATABASE_URL", "PORT", "DEBUG", "SECRET_KEY", "MATHESAR_ADMIN_PASSWORD", "DJANGO_DATABASE_URL")
    assert {("MP183", name) for name in left} <= found(imported)
    assert "MP169" not in {code for code, _ in found(imported)}


@pytest.mark.parametrize("written", ["'${DATABASE_URL}'", "null", "'x-${DATABASE_URL:-y}'"])
def test_a_dotenv_name_that_only_another_app_takes_is_its(written: str, tmp_path: Path) -> None:
    compose = (
        "services:\n  mathesar:\n    image: mathesar/mathesar\n    environment: {DJANGO_DATABASE_URL: '${OLD}'}\n"
        f"  n8n:\n    environment: {{DATABASE_URL: {written}, N8N_KEY: '${{N8N}}'}}\n"
    )
    old = "postgresql://m:m1nePW@db.example.com/django"
    path = folder(
        tmp_path, dotenv=f"DATABASE_URL=postgresql://n:f0reignPW@h/n\nN8N=f0reign\nOLD={old}\n", compose_yaml=compose
    )
    imported = importing.convert_read(read_source(path))
    assert importing.values(imported)[INTERNAL] == old
    assert "f0reign" not in importing.held(imported)
    assert {("MP183", "DATABASE_URL"), ("MP183", "N8N")} <= found(imported)


def test_a_dotenv_name_of_mathesars_own_stays() -> None:
    """The old Compose file hands it to both, or to nobody by name."""
    dotenv = read_dotenv(f"SECRET_KEY={KEY}\nDEBUG=false\n", ".env", compose=True)
    text = (
        "services:\n  web:\n    image: mathesar/mathesar\n    environment: [SECRET_KEY]\n"
        "  worker:\n    environment: [SECRET_KEY]\n"
    )
    read = read_compose(text, "compose.yaml", dotenv, lambda _name: None)
    assert texts(read) == {"SECRET_KEY": KEY, "DEBUG": "false"}


MAIN = "services:\n  web:\n    image: mathesar/mathesar\n"


def test_a_dollar_is_read_as_compose_reads_it(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        dotenv="PW=pa$$word\nCUT=pa$rt\n",
        app_env="A=x$$y\nB=\"z\\$y\"\nC='$$'\n",
        compose_yaml=f"{MAIN}    env_file: app.env\n    environment: ['POSTGRES_PASSWORD=${{PW}}', 'D=${{CUT}}']\n",
    )
    read = read_source(path)
    assert texts(read) == {
        "POSTGRES_PASSWORD": "pa$word", "A": "x$y", "B": "z$y", "C": "$$", "D": "pa", "PW": "pa$word", "CUT": "pa"
    }  # fmt: skip
    assert found(read) == {("MP191", "CUT")}
    assert [(each.name, each.text) for each in read.unused] == [("CUT", "pa$rt")]


def test_the_dotenv_counts_inside_env_files_and_their_paths(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        dotenv="PW=dotPW99\nBOTH=outer\n",
        app_env="BOTH=inner\nPOSTGRES_PASSWORD=${PW}\nUSER=${BOTH}\n",
        compose_yaml=f"{MAIN}    env_file: ${{EF:-app.env}}\n",
    )
    read = read_source(path)
    assert texts(read)["POSTGRES_PASSWORD"] == "dotPW99"
    assert texts(read)["USER"] == "outer"  # as compose-go: what is outside goes before the file's own
    assert "MP181" not in {code for code, _ in found(read)}
    outcomes = {each.name: each for each in importing.convert_read(read).outcomes}
    assert (outcomes["PW"].fate, outcomes["PW"].to) == ("merged", ("POSTGRES_PASSWORD",))


@pytest.mark.parametrize("name", ["compose_override_yml", "compose_override_yaml", "docker-compose_override_yml"])
@pytest.mark.parametrize("named", [False, True])
def test_an_override_file_goes_over_the_first(name: str, named: bool, tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        one_env="POSTGRES_USER=one\nPOSTGRES_PASSWORD=f1lePW\n",
        two_env="POSTGRES_USER=two\n",
        **{
            "docker-compose_yml": f"{MAIN}    env_file: one.env\n"
            "    environment: {POSTGRES_DB: one, DEBUG: 'false'}\n",
            name: "services:\n  web:\n    env_file: [two.env]\n    environment: ['POSTGRES_DB=two']\n"
            "  db: {environment: {PGDATA: /data}}\n",
        },
    )
    read = read_source(path / "docker-compose.yml" if named else path)
    assert texts(read) == {
        "POSTGRES_USER": "two", "POSTGRES_PASSWORD": "f1lePW", "POSTGRES_DB": "two", "DEBUG": "false", "PGDATA": "/data"
    }  # fmt: skip
    assert [(each.name, each.text) for each in read.unused] == [("POSTGRES_USER", "one"), ("POSTGRES_DB", "one")]
    override = name.replace("_", ".")
    assert {each.name for each in read.files} == {"docker-compose.yml", override, "one.env", "two.env"}


@pytest.mark.parametrize("sign", [":", ";", ","])
def test_compose_file_in_the_dotenv(sign: str, tmp_path: Path) -> None:
    separator = f"COMPOSE_PATH_SEPARATOR={sign}\n" if sign == "," else ""
    path = folder(
        tmp_path,
        dotenv=f"{separator}COMPOSE_FILE=base.yml{sign}prod.yml\n",
        base_yml=f"{MAIN}    environment: {{POSTGRES_DB: base}}\n",
        prod_yml="services: {web: {environment: {POSTGRES_DB: prod}}}\n",
        compose_yaml="services: {x: {environment: {POSTGRES_DB: other}}}\n",
    )
    for source in (path, path / "prod.yml"):
        read = read_source(source)
        assert texts(read)["POSTGRES_DB"] == "prod"
        assert "MP193" not in {code for code, _ in found(read)}
    imported = importing.convert_read(read_source(path))
    assert "COMPOSE_FILE" not in importing.values(imported)  # it would steer the new install's Compose as well
    assert texts(read_source(path / "compose.yaml"))["POSTGRES_DB"] == "other"
    assert ("MP193", "compose.yaml") in found(read_source(path / "compose.yaml"))


def test_extends_and_include(tmp_path: Path) -> None:
    path = folder(
        tmp_path,
        sub__base_yml="services:\n  base: {extends: root, environment: {POSTGRES_DB: base, POSTGRES_PORT: '5433'}}\n"
        "  root: {env_file: root.env, environment: {POSTGRES_USER: root}}\n",
        sub__root_env="POSTGRES_PASSWORD=r00tPW\n",
        more__db_yml="services: {db: {env_file: db.env}}\n",
        more__db_env="PGDATA=/data\n",
        compose_yaml="include: [more/db.yml]\n"
        + MAIN
        + "    extends: {file: sub/base.yml, service: base}\n    environment: {POSTGRES_DB: mine}\n",
    )
    read = read_source(path)
    assert found(read) == set()
    assert texts(read) == {
        "POSTGRES_DB": "mine", "POSTGRES_PORT": "5433", "POSTGRES_USER": "root", "POSTGRES_PASSWORD": "r00tPW",
        "PGDATA": "/data",
    }  # fmt: skip
    assert {each.name for each in read.files} == {"compose.yaml", "base.yml", "root.env", "db.yml", "db.env"}


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (f"include: ['https://u:sEcReT@h/x.yml']\n{MAIN}", "a file that is named under include"),
        (f"include: [gone.yml]\n{MAIN}", "a file that is named under include (gone.yml)"),
        (f"include: [{{path: ok.yml, env_file: x.env}}]\n{MAIN}", "what env_file or project_directory under include"),
        (f"{MAIN}    extends: {{file: gone.yml, service: x}}\n", "the service that is named under extends (gone.yml)"),
        (f"{MAIN}    extends: web\n", "the service that is named under extends"),
        (f"{MAIN}    extends: {{file: bad.yml, service: x}}\n", "the service that is named under extends (bad.yml)"),
        (f"{MAIN}    env_file: [{{path: ok.yml, format: raw}}]\n", "under env_file, with a format of its own"),
        (f"{MAIN}    environment: !reset null\n", "what !reset or !override changes"),
    ],
)
def test_what_is_not_read_is_an_error(text: str, what: str, tmp_path: Path) -> None:
    path = folder(tmp_path, compose_yaml=text, ok_yml="services: {}\n", bad_yml="services: [\n")
    errors = [each for each in read_source(path).findings if each.severity == "error"]
    assert [each.code for each in errors] == ["MP193"]
    assert what in errors[0].message
    assert "sEcReT" not in repr(errors)


def test_a_file_of_compose_file_that_is_not_there(tmp_path: Path) -> None:
    path = folder(tmp_path, dotenv="COMPOSE_FILE=a.yml:gone.yml\n", a_yml=MAIN)
    [error] = read_source(path).findings
    assert (error.code, error.variable, "(gone.yml)" in error.message) == ("MP193", "COMPOSE_FILE", True)
    (path / "a.yml").unlink()
    with pytest.raises(SourceError, match=r"a\.yml: No such file"):
        read_source(path)
    (path / ".env").write_text("COMPOSE_FILE=https://u:sEcReT@h/x.yml;a.yml\n")
    with pytest.raises(SourceError, match="names a URL") as refused:
        read_source(path)
    assert "sEcReT" not in str(refused.value)


def test_files_that_include_each_other_end(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"c{number}.yml").write_text(f"include: [c{number + 1}.yml, compose.yaml]\nservices: {{}}\n")
    (tmp_path / "compose.yaml").write_text(f"include: [c0.yml]\n{MAIN}    environment: {{DEBUG: 'false'}}\n")
    assert texts(read_source(tmp_path)) == {"DEBUG": "false"}


def test_services_that_extend_each_other_end() -> None:
    chain = "".join(f"  s{number}: {{extends: s{number + 1}}}\n" for number in range(400))
    read = read_text(f"{MAIN}    environment: {{DEBUG: 'false'}}\n    extends: s0\n{chain}", "standard input")
    assert texts(read) == {"DEBUG": "false"}
    assert "MP193" in {code for code, _ in found(read)}


@pytest.mark.parametrize(
    ("value", "code", "said"),
    [
        ("S3cr$tPassw0rd", "MP191", None),
        ("$tPassw0rd", "MP191", None),
        ("S3cr${tPassw0rd}", "MP191", None),
        ("S3cr$TPASSW0RD", "MP191", None),
        ("${db_pw}", "MP185", "db_pw"),
        ("pre-${DB_PW}", "MP185", "DB_PW"),
    ],
)
def test_no_finding_quotes_a_piece_of_a_password(value: str, code: str, said: str | None, tmp_path: Path) -> None:
    for files in (
        {"compose_yaml": f"{MAIN}    environment: {{DJANGO_SUPERUSER_PASSWORD: '{value}'}}\n"},
        {"compose_yaml": f"{MAIN}    env_file: a.env\n", "a_env": f"DJANGO_SUPERUSER_PASSWORD={value}\n"},
    ):
        read = read_source(folder(tmp_path, **files))
        assert found(read) == {(code, "DJANGO_SUPERUSER_PASSWORD")}
        [finding] = read.findings
        assert (said is not None and said in finding.message) or "assw0rd" not in repr(finding).lower()
