"""The nodes for n8n. n8n's own package checks their types and runs them, with requests to the service."""

import pytest

from tests.support.connectors import run_tests_of

CONNECTOR = "n8n-nodes-smartdhandha"


def test_the_nodes_for_n8n_do_what_their_own_tests_say(organization, shared_database):
    run_tests_of(CONNECTOR, organization, shared_database, ("node", "test/all.js"))


@pytest.mark.long
def test_they_have_the_types_of_n8n_too(organization, shared_database):
    run_tests_of(CONNECTOR, organization, shared_database)
