"""The app for Zapier. Zapier's own package runs its triggers, actions and searches, with requests to the service."""

from tests.support.connectors import run_tests_of


def test_the_app_for_zapier_does_what_its_own_tests_say(organization, shared_database):
    run_tests_of("zapier", organization, shared_database)
