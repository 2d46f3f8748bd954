"""The files in ``deploy`` fit the program that they start."""

from __future__ import annotations

import argparse
import json
import os
import re
import shlex
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from compliance.cli.main import _parser
from compliance.serve.problems import ProblemError, problem_schema
from compliance.serve.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
DEPLOY = ROOT / "deploy"
FILES = ("Dockerfile", "compliance.service", "compose.yaml", "nginx.conf")
UNITS = {"k": 1 << 10, "m": 1 << 20, "g": 1 << 30}


def _read(name: str) -> str:
    return (DEPLOY / name).read_text("utf-8")


def _compose() -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(_read("compose.yaml"))
    return content


def _instruction(name: str) -> list[str]:
    (found,) = re.findall(rf"^{name} (\[.*\])$", _read("Dockerfile"), re.MULTILINE)
    parts: list[str] = json.loads(found)
    return parts


def _options(arguments: list[str]) -> argparse.Namespace:
    return _parser(arguments).parse_args(arguments)


def _started() -> list[tuple[str, list[str]]]:
    (program,) = _instruction("ENTRYPOINT")
    (line,) = re.findall(r"^ExecStart=(.*)$", _read("compliance.service"), re.MULTILINE)
    unit = shlex.split(line)
    services = _compose()["services"]
    return [
        ("compliance.service", [Path(unit[0]).name, *unit[1:]]),
        ("Dockerfile", [program, *_instruction("CMD")]),
        *((f"compose.yaml {name}", [program, *services[name]["command"]]) for name in ("one", "two")),
    ]


@pytest.mark.parametrize(("where", "command"), _started())
def test_what_is_started_is_a_command_of_this_program(where: str, command: list[str]) -> None:
    program, *arguments = command
    assert program == "compliance"
    options = _options(arguments)
    assert options.workers >= 2
    assert options.keys == Path("/etc/compliance/keys.toml")


@pytest.mark.parametrize("name", [*FILES, "../docs/running.md"])
def test_commands_that_are_told_to_people_are_commands_of_this_program(name: str) -> None:
    for line in re.findall(r"compliance ((?:keys add|serve|check)\b[^`\n#&|\\]*)", _read(name)):
        assert _options(shlex.split(line)).command == line.split()[0]


@pytest.mark.parametrize("name", [*FILES, "../docs/running.md"])
def test_every_environment_variable_is_a_setting(name: str) -> None:
    known = {f"COMPLIANCE_{field.upper()}" for field in Settings.model_fields}
    known |= {"COMPLIANCE_SETTINGS", "COMPLIANCE_CACHE_DIR", "COMPLIANCE_NAME"}
    assert set(re.findall(r"COMPLIANCE_[A-Z_]*[A-Z]", _read(name))) <= known


def test_folders_of_the_container_are_made_and_kept() -> None:
    replica = _compose()["services"]["one"]
    mounted = {volume.split(":")[1] for volume in replica["volumes"]}
    mounted |= {place.partition(":")[0] for place in replica["tmpfs"]}
    written = {"/var/cache/compliance", "/var/lib/compliance", "/var/lib/audits"}
    assert replica["read_only"]
    assert written <= mounted
    assert all(folder in _read("Dockerfile") for folder in written)
    named = {volume.split(":")[0] for volume in replica["volumes"] if not volume.startswith(".")}
    assert named == set(_compose()["volumes"])


def test_stopping_is_given_the_time_that_draining_may_take() -> None:
    from compliance.serve import prefork  # noqa: PLC0415  a Unix module

    seconds = prefork._LAST_RESORT
    assert int(re.search(r"TimeoutStopSec=(\d+)", _read("compliance.service"))[1]) > seconds  # type: ignore[index]
    assert int(_compose()["services"]["one"]["stop_grace_period"].removesuffix("s")) > seconds


@pytest.mark.parametrize(
    ("location", "setting"),
    [("/", "max_body"), ("/v1/lint/batch", "max_batch"), ("/v1/lint/stream", "max_body"), ("/v1/audits", "max_upload")],
)
def test_nginx_lets_pass_what_the_service_takes(location: str, setting: str) -> None:
    conf = _read("nginx.conf")
    everywhere = re.search(r"^    client_max_body_size (\d+)([kmg]);", conf, re.MULTILINE)
    (block,) = re.findall(rf"^    location {location} \{{(.*?)^    \}}", conf, re.MULTILINE | re.DOTALL)
    size = re.search(r"client_max_body_size (\d+)([kmg]);", block) or everywhere
    assert size is not None
    assert int(size[1]) * UNITS[size[2]] >= Settings.model_fields[setting].default


def test_nginx_asks_the_replicas_of_the_compose_file_on_their_port() -> None:
    (port,) = re.findall(r"^EXPOSE (\d+)$", _read("Dockerfile"), re.MULTILINE)
    asked = set(re.findall(r"server (\w+):(\d+)", _read("nginx.conf")))
    assert asked == {(name, port) for name in _compose()["services"] if name != "nginx"}
    assert _options(["serve"]).port == int(port)


def test_errors_of_nginx_are_problems_like_those_of_the_service() -> None:
    known = problem_schema()["properties"]["type"]["enum"]
    answers = re.findall(r"return (\d+) '(.*)';", _read("nginx.conf"))
    assert len(answers) == 2
    for status, body in answers:
        problem = json.loads(body)
        assert problem["type"] in known
        kind = ProblemError(problem["type"].rpartition(":")[2], "")
        assert (kind.status, kind.document()["title"]) == (int(status), problem["title"])
        assert problem["status"] == kind.status


@pytest.mark.skipif(shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="no nginx here")
def test_nginx_accepts_its_configuration(tmp_path: Path) -> None:
    site = re.sub(r"\b(one|two):", "127.0.0.1:", _read("nginx.conf"))
    (tmp_path / "site.conf").write_text(site, "utf-8")
    folders = "".join(f"{kind}_temp_path {tmp_path};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    conf = tmp_path / "nginx.conf"
    conf.write_text(
        f"error_log stderr; pid {tmp_path}/pid; events {{}} http {{ access_log off; {folders} include site.conf; }}"
    )
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") or "nginx"
    command = [nginx, "-t", "-c", str(conf), "-p", str(tmp_path)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_the_image_is_built_from_all_that_the_package_needs() -> None:
    sent = set(re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text("utf-8"), re.MULTILINE))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert {*wheel["packages"], *wheel["force-include"], project["project"]["readme"], "pyproject.toml"} <= sent
    extras = re.findall(r"compliance\[([\w,]+)\]", _read("Dockerfile") + _read("compliance.service"))
    assert extras
    assert all(set(named.split(",")) <= set(project["project"]["optional-dependencies"]) for named in extras)
