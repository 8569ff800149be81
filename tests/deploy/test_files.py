"""The files of a deployment: each is read by the program that it is for, if that is here, and keeps our own rules."""

import re
import shutil
import subprocess

import pytest
import yaml

from infra.server.application import GRACEFUL_SECONDS
from infra.server.exchanges import STOP_SECONDS
from infra.settings import Settings
from infra.settings.variable import variables
from tests.architecture.tree import ROOT

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
LINES = DOCKERFILE.replace("\\\n", " ").splitlines()
INSTRUCTIONS = [tuple(line.strip().split(maxsplit=1)) for line in LINES if re.match(r"[A-Z]+ ", line)]
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))
SERVICES = COMPOSE["services"]
UNIT = ROOT / "deploy" / "smartdhandha.service"
SETTINGS = {variable.name for variable in variables(Settings).values()}


def instructions(name):
    return [rest for instruction, rest in INSTRUCTIONS if instruction == name]


def last_stage():
    start = max(number for number, (name, _) in enumerate(INSTRUCTIONS) if name == "FROM")
    return {words[0]: words[1] for words in INSTRUCTIONS[start:]}


def test_each_image_has_a_version():
    images = [rest.split()[0] for rest in instructions("FROM")]
    images += [service["image"] for service in SERVICES.values() if service["image"] != "smartdhandha"]
    assert len(images) == 4
    assert [image for image in images if not re.fullmatch(r"[a-z]+:\d+[\w.-]*", image)] == []


def test_the_image_runs_as_a_user_that_is_not_root_and_tells_its_health():
    stage = last_stage()
    assert int(stage["USER"].partition(":")[0]) > 0
    assert "/healthz" in stage["HEALTHCHECK"]
    assert stage["ENTRYPOINT"].startswith("[") and "--no-demo" in stage["CMD"]


def test_the_image_fetches_nothing_unchecked():
    assert instructions("ADD") == []
    assert not re.search(r"curl|wget|https?://(?!127\.0\.0\.1)", DOCKERFILE)
    installs = [part for run in instructions("RUN") for part in run.split("&&") if "pip install" in part]
    assert all("--require-hashes" in each or ("--no-deps" in each and each.strip().endswith(" .")) for each in installs)
    assert "npm" not in str(last_stage())


def test_the_packages_that_are_compiled_have_a_compiler_and_a_backend_with_a_hash():
    """pip would fetch a backend without a hash for a package that exists as source only, such as gunicorn-h1c."""
    assert {"gcc", "libc6-dev"} <= set(" ".join(instructions("RUN")).split())
    assert not {"gcc", "libc6-dev"} & set(str(last_stage()).split())
    backend, packages, own = [part for run in instructions("RUN") for part in run.split("&&") if "pip install" in part]
    assert backend.split()[-1] == "requirements-build.lock"
    assert packages.split()[-1] == "requirements.lock"
    assert "--no-build-isolation" in packages and "--no-build-isolation" in own


def test_a_machine_of_ones_own_is_installed_in_the_same_steps_as_the_image():
    section = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split("### A machine of your own")[1]
    there = re.findall(r"^/opt/smartdhandha/bin/(.+?)(?: +#.*)?$", section.split("###")[0], re.MULTILINE)
    run = " && ".join(instructions("RUN")).replace("--no-cache-dir ", "")
    steps = [part.strip().removeprefix("/opt/smartdhandha/bin/") for part in run.split("&&") if "bin/p" in part]
    assert there == [step for step in steps if "compileall" not in step]


def test_the_image_contains_only_what_it_needs():
    first, *rest = [
        line for line in (ROOT / ".dockerignore").read_text().splitlines() if line and not line.startswith("#")
    ]
    assert first == "*"
    named = [line.removeprefix("!") for line in rest if line.startswith("!")]
    assert [name for name in named if not (ROOT / name).exists()] == []
    assert "tests" not in named and ".env" not in named


def test_the_lock_has_the_versions_of_the_constraints_and_a_hash_for_each():
    files = ("requirements.lock", "requirements-build.lock")
    lock = "".join((ROOT / name).read_text(encoding="utf-8") for name in files)
    pins = {_normal(name): version for name, version in re.findall(r"^([\w.-]+)==([\w.]+)", lock, re.MULTILINE)}
    constraints = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    wanted = {_normal(name): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", constraints, re.MULTILINE)}
    backend = re.findall(r'"setuptools==([\d.]+)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    assert [pins.pop("setuptools")] == backend
    assert {name: wanted.get(name) for name in pins} == pins
    assert len(re.findall(r"^[\w.-]+==[^\n]*\\\n    --hash=sha256:[0-9a-f]{64}", lock, re.MULTILINE)) == len(pins) + 1


def test_the_lock_has_everything_that_the_service_needs():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    needed = re.search(r"install_requires =\n((?: {4}.*\n)+)", (ROOT / "setup.cfg").read_text(encoding="utf-8"))
    assert needed is not None
    names = [re.split(r"[\[;=<> ]", line.strip())[0] for line in needed[1].splitlines()]
    assert [name for name in names if not re.search(rf"^{_normal(name)}==", lock, re.MULTILINE)] == []


def test_what_the_service_may_not_contain_is_a_package_of_the_tests_alone():
    """pymerkle has the GPL; see docs/decisions/0088-a-proof-of-one-event-is-a-file.md."""
    assert not re.search(r"^pymerkle==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    needed, _, extras = (ROOT / "setup.cfg").read_text(encoding="utf-8").partition("[options.extras_require]")
    assert "pymerkle" in extras and "pymerkle" not in needed
    rooms = ("domain", "commands", "projections", "api", "infra")
    modules = [path for room in rooms for path in (ROOT / room).rglob("*.py")]
    assert [path for path in modules if "pymerkle" in path.read_text(encoding="utf-8")] == []


def test_compose_starts_two_replicas_after_the_migrations_behind_a_proxy():
    replicas = [name for name in SERVICES if name.startswith("web")]
    assert len(replicas) == 2
    for name in (*replicas, "worker"):
        assert SERVICES[name]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}
    assert SERVICES["migrate"]["command"] == ["db", "migrate"]
    assert [name for name in SERVICES if "ports" in SERVICES[name]] == ["nginx"]
    assert COMPOSE["networks"]["database"] == {"internal": True}
    upstreams = re.findall(r"server (\w+):8000", (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8"))
    assert upstreams == replicas


def test_only_the_replicas_log_in_as_the_application_and_only_known_settings_are_set():
    for name, service in SERVICES.items():
        if service["image"] != "smartdhandha":
            continue
        assert service["environment"].keys() <= SETTINGS
        assert ("SMARTDHANDHA_APP_DATABASE_URL" in service["environment"]) == name.startswith("web")
        assert service["read_only"] is True and service["cap_drop"] == ["ALL"]


def test_secrets_are_not_in_the_files_but_asked_for():
    assert set(re.findall(r"\$\{(\w+)([^}]*)\}", (ROOT / "compose.yaml").read_text(encoding="utf-8"))) == {
        (name, ":?") for name in ("POSTGRES_PASSWORD", "OWNER_PASSWORD", "WEB_PASSWORD", "SECRET_KEY", "PUBLIC_URL")
    }


def test_all_processes_encrypt_secrets_of_webhooks_with_the_same_key():
    """A container and the unit keep no file with a key, and a process whose key another one lacks is not ready."""
    ours = [service for service in SERVICES.values() if service["image"] == "smartdhandha"]
    assert {service["environment"].get("SMARTDHANDHA_SECRET_KEY") for service in ours} == {"${SECRET_KEY:?}"}
    assert "\nSMARTDHANDHA_SECRET_KEY=" in (ROOT / "deploy" / "smartdhandha.env").read_text(encoding="utf-8")


def test_the_unit_is_hardened_and_its_settings_are_known():
    unit = UNIT.read_text(encoding="utf-8")
    for line in ("DynamicUser=yes", "NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="):
        assert f"\n{line}\n" in unit
    settings = (ROOT / "deploy" / "smartdhandha.env").read_text(encoding="utf-8")
    assert set(re.findall(r"^(\w+)=", settings, re.MULTILINE)) <= SETTINGS


def test_the_page_on_operations_names_every_setting():
    """Seen red: it had neither SMARTDHANDHA_SANDBOX nor two others."""
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in SETTINGS if f"{name}`" not in operations and f"{name}=" not in operations] == []


def test_containers_and_systemd_wait_for_longer_than_a_stop_takes():
    """Seen red with the 30 seconds that the page had said while the service takes 15."""
    unit = re.findall(r"^TimeoutStopSec=(\d+)$", UNIT.read_text(encoding="utf-8"), re.MULTILINE)
    containers = [service["stop_grace_period"].removesuffix("s") for service in (SERVICES["web1"], SERVICES["web2"])]
    assert min(map(int, [*unit, *containers])) > GRACEFUL_SECONDS + STOP_SECONDS
    operations = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert f"running ones have {GRACEFUL_SECONDS} seconds to finish" in operations


@pytest.mark.process
@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_systemd_understands_the_unit(tmp_path):
    copy = tmp_path / UNIT.name
    unit = UNIT.read_text(encoding="utf-8")
    copy.write_text(re.sub(r"^ExecStart=\S+", f"ExecStart={shutil.which('true')}", unit, flags=re.MULTILINE))
    done = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.process
@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_understands_its_configuration(tmp_path):
    copy = tmp_path / "nginx.conf"
    text = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    copy.write_text(re.sub(r"server web\d:", "server 127.0.0.1:", text))
    done = subprocess.run(["nginx", "-t", "-q", "-c", copy], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def _normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()
