"""What all state machines of the API share: an organization, and the check that all responses agree with a model."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from domain.calendar import DEFAULT_TIME_ZONE
from tests.support.client import error_of
from tests.support.oracle import fold
from tests.support.organization import Organization


class Machine(RuleBasedStateMachine):
    """A state machine of hypothesis on one organization. A subclass adds the rules, which send requests to the API."""

    service: Any
    owner: Any
    time_zone = DEFAULT_TIME_ZONE

    def __init__(self) -> None:
        super().__init__()
        self.organization = Organization(self.service.url, self.owner, time_zone=self.time_zone)
        self.api = self.organization.api()

    def teardown(self) -> None:
        self.organization.close()

    def agree(self, model, resource):
        """Check that the API agrees with the model of an object.

        `resource` is the object in the last response. The list of the object's events and each of its versions must
        agree as well.
        """
        path = f"{model.kind}/{model.id}"
        assert {name: resource[name] for name in model.shown()} == model.shown()
        assert self.api.read(path) == resource
        events = self.api.read(f"{path}/events")
        assert [event["type"].partition(".")[2] for event in events] == model.events
        for version, state in enumerate(fold(events), 1):
            then = self.api.read(path, version=version)
            assert {name: then[name] for name in state} == state
        assert then == resource

    def refused(self, model, response, status, code):
        """Check that the response is an error with this status and code, and that the object has not changed.

        Return the error.
        """
        error = error_of(response, status, code)
        self.agree(model, self.api.read(f"{model.kind}/{model.id}"))
        return error


def run_machine(machine: type[Machine], examples: int, steps: int, **fields: Any) -> None:
    """Run the machine `examples` times with at most `steps` steps each. `fields` become attributes of its class."""
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(type("Machine", (machine,), fields), settings=bounds)
