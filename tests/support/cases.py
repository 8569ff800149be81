"""Tries many cases in one test, where each takes less time than pytest needs for a test of its own."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

Test = Callable[..., None]
Ids = Iterable[Any] | Callable[[Any], Any] | None


def all_cases(names: str | Sequence[str], values: Iterable[Any], ids: Ids = None) -> Any:
    """Decorate a test so that it is tried with all cases, and fails with the name of each case that failed.

    The arguments are those of `pytest.mark.parametrize`. pytest needs some milliseconds for each test, because every
    process of the tests collects it, so hundreds of short tests take seconds. The cases share the fixtures of the test.
    """
    arguments = [name.strip() for name in names.split(",")] if isinstance(names, str) else list(names)

    def decorate(test: Test) -> Test:
        cases = list(_named(list(values), ids))
        assert cases, "there are no cases"

        @functools.wraps(test)
        def run(**fixtures: Any) -> None:
            failures = []
            for name, case in cases:
                try:
                    test(**fixtures, **dict(zip(arguments, case if len(arguments) > 1 else (case,), strict=True)))
                except (Exception, pytest.fail.Exception) as failure:  # noqa: BLE001 -- raised below, with others
                    failure.add_note(f"This is the case {name}.")
                    failures.append((name, failure))
            if failures:
                which = ", ".join(name for name, _ in failures)
                raise BaseExceptionGroup(
                    f"{len(failures)} of {len(cases)} cases failed: {which}", [failure for _, failure in failures]
                )

        parameters = inspect.signature(test).parameters
        assert parameters.keys() >= set(arguments), f"{test.__name__} does not have these arguments"
        kept = [parameter for name, parameter in parameters.items() if name not in arguments]
        run.__signature__ = inspect.Signature(kept)  # type: ignore[attr-defined]
        return run

    return decorate


def _named(values: Sequence[Any], ids: Ids) -> Iterator[tuple[str, Any]]:
    """Return the values with their names: that of `pytest.param`, that of `ids`, or the value itself."""
    names = map(ids, values) if callable(ids) else ids or [None] * len(values)
    for value, name in zip(values, names, strict=True):
        if isinstance(value, type(pytest.param())):
            yield str(value.id), value.values if len(value.values) > 1 else value.values[0]
        else:
            yield repr(value) if name is None else str(name), value
