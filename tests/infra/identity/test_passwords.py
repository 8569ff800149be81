"""What it costs to hash a password."""

import subprocess
import sys

import pytest

CODE = "from infra.identity.passwords import hash_password; print(hash_password('plum tractor over nine lakes'))"


@pytest.mark.process
def test_a_new_password_is_hashed_at_the_costs_of_owasp():
    """In a new interpreter: the processes of the tests hash at the least costs (tests/support/cheap_hashes.py)."""
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
