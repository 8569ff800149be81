"""What state machines of the API share: an organization, and the check that all its answers agree with a model."""

from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from domain.calendar import DEFAULT_TIME_ZONE
from tests.support.client import error_of
from tests.support.oracle import fold
from tests.support.organization import Organization


class Machine(RuleBasedStateMachine):
    """One organization, to which the rules of a subclass may do anything that its API takes."""

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
        """All tell the same of the object: the answer, the list of its events, each of its versions, and the model."""
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
        """The answer says so, and nothing has happened."""
        error = error_of(response, status, code)
        self.agree(model, self.api.read(f"{model.kind}/{model.id}"))
        return error


def run_machine(machine: type[Machine], examples: int, steps: int, **fields: Any) -> None:
    """Run the machine with these class fields until that many runs of that many steps have passed."""
    bounds = settings(
        max_examples=examples,
        stateful_step_count=steps,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
        database=None,
    )
    run_state_machine_as_test(type("Machine", (machine,), fields), settings=bounds)
