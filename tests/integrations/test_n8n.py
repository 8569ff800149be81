"""The nodes for n8n. n8n's own package checks their types and runs them, with requests to the service."""

from tests.support.connectors import run_tests_of


def test_the_nodes_for_n8n_do_what_their_own_tests_say(organization, shared_database):
    run_tests_of("n8n-nodes-smartdhandha", organization, shared_database)
