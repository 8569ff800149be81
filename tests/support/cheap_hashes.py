"""A pytest plugin: passwords are hashed at the least costs, in this process and in those that the tests fork.

With the costs of production, a hash takes 0.05 s of a processor, so that nobody guesses many passwords. The tests set
and send hundreds. All else is as in production: a hash is made with the costs that a stored one names, and for an
unknown address with those of a new one. A process of a new interpreter has the costs of production.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from argon2 import PasswordHasher

from infra.identity import passwords

if TYPE_CHECKING:  # processes that run the service use this module, too
    import pytest


def pytest_configure(config: pytest.Config) -> None:
    make_hashing_cheap()


def make_hashing_cheap() -> None:
    """Let this process hash new passwords at the least costs that Argon2 has."""
    passwords.HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
