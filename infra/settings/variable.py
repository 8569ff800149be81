"""The declaration of a setting: its environment variable, the parser of its text, and its default."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Any, TypeVar, overload

from infra.settings.parsers import MayBeSecret

T = TypeVar("T")

PREFIX = "SMARTDHANDHA_"
COMMON_NAMES = {"database_url": "DATABASE_URL"}
"""The settings whose variable has no prefix, because hosting platforms set a variable of this name."""


@dataclasses.dataclass(frozen=True)
class Variable:
    """One environment variable. `parse` raises ValueError with a text such as "must be true or false"."""

    name: str
    parse: Callable[[str], object]
    default: str | Callable[[], object] | None
    meaning: str

    def read(self, environ: Mapping[str, str]) -> object:
        """Return the value of the variable in `environ`, or the default if the variable is unset or empty.

        Raises ValueError with a sentence that begins with the variable's name and does not contain secrets.
        """
        text = environ.get(self.name, "").strip()
        if not text and not isinstance(self.default, str):
            return self.default() if self.default else None
        try:
            return self.parse(text or str(self.default))
        except MayBeSecret as error:
            raise ValueError(f"{self.name} {error}.") from None
        except ValueError as error:
            raise ValueError(f"{self.name} {error}, not {text!r}.") from None

    def example(self) -> str:
        """Return the variable's lines in `.env.example`."""
        default = self.default if isinstance(self.default, str) else ""
        return f"# {self.meaning[0].upper()}{self.meaning[1:]}.\n#{self.name}={default}"


@overload
def setting(parse: Callable[[str], T], default: str | Callable[[], T], meaning: str) -> T: ...
@overload
def setting(parse: Callable[[str], T], default: None, meaning: str) -> T | None: ...
def setting(parse: Callable[[str], Any], default: Any, meaning: str) -> Any:
    """Declare a field of `Settings`. A default text is parsed like a variable's text; a default function is called."""
    return dataclasses.field(metadata={"declaration": (parse, default, meaning)})


def variables(settings: type) -> dict[str, Variable]:
    """Return each field of the settings with its variable, in the order of the fields."""
    return {
        field.name: Variable(
            COMMON_NAMES.get(field.name, f"{PREFIX}{field.name.upper()}"), *field.metadata["declaration"]
        )
        for field in dataclasses.fields(settings)
    }
