"""The code samples of operations: `x-codeSamples` of the OpenAPI document, made from its examples."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.openapi.examples import EXAMPLE_ORIGIN
from api.openapi.texts import request_example
from api.operation import Operation
from api.samples.languages import LANGUAGES
from api.samples.request import SampleRequest


def sample_request(operation: Operation, method: str, path: str, values: Mapping[str, str]) -> SampleRequest:
    """Return the example request of an operation. `values` are the values of its path parameters, by name."""
    body = None if operation.body is None else request_example(operation.id)
    file = f"{operation.resource_type}.pdf" if operation.is_file else ""
    url = EXAMPLE_ORIGIN + path.format(**values)
    return SampleRequest(method, url, body=body, needs_key=not operation.public, file=file)


def code_samples(request: SampleRequest) -> list[dict[str, Any]]:
    """Return the samples of a request in all languages, as `x-codeSamples` lists them."""
    return [
        {"lang": language.highlighter, "label": language.label, "source": language.render(request)}
        for language in LANGUAGES.values()
    ]
