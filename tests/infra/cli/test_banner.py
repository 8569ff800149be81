"""What `serve` prints when it is ready, and the name by which it refers to the command line."""

import sys

import pytest

from infra.cli.banner import banner, own_command
from infra.identity import users
from infra.identity.demo import DEMO_OWNER, create_demo, get_demo_owner
from infra.postgres.database import connect_as_table_owner


@pytest.fixture
def program(tmp_path, monkeypatch):
    """The script of the command line in a checkout, which is the current folder."""
    path = tmp_path / ".venv" / "bin" / "smartdhandha"
    path.parent.mkdir(parents=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [str(path)])
    return path


def test_outside_the_path_the_command_is_its_file(program, monkeypatch, tmp_path):
    assert own_command() == ".venv/bin/smartdhandha"
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    assert own_command() == str(program)


def test_on_the_path_the_command_is_its_name(program, monkeypatch):
    monkeypatch.setenv("PATH", str(program.parent))
    assert own_command() == "smartdhandha"


def test_another_program_of_this_name_on_the_path_is_not_confused_with_it(program, monkeypatch, tmp_path):
    other = tmp_path / "smartdhandha"
    other.write_bytes(program.read_bytes())
    other.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert own_command() == ".venv/bin/smartdhandha"


def test_a_later_start_names_the_owner_and_how_to_set_a_new_password(program, own_database):
    with connect_as_table_owner(own_database) as conn:
        create_demo(conn)
        owner = get_demo_owner(conn)
        _, _, lines = banner("127.0.0.1:8000", None, False, None, owner)
        assert "Log in: http://127.0.0.1:8000/login, as owner@demo.example" in lines
        assert any(line.endswith(".venv/bin/smartdhandha user link owner@demo.example") for line in lines)
        users.create_user(conn, users.get_user(conn, DEMO_OWNER).org_id, "asha@example.in", "owner")
        users.remove_user(conn, DEMO_OWNER)
        assert get_demo_owner(conn) is None
