"""Passkeys (Web Authentication): what browsers are asked for, and whether what they return is right.

The service always asks for the verification of the person, by a PIN or a finger. It does not ask which device it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple
from urllib.parse import urlsplit

from webauthn import (
    generate_authentication_options,
    generate_registration_options,
    options_to_json,
    verify_authentication_response,
    verify_registration_response,
)
from webauthn.helpers import parse_authentication_credential_json
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from infra.identity.users.factors.apps import ISSUER
from infra.identity.users.factors.seals import PasskeyFacts

MAX_MILLISECONDS = 300_000
"""How long the browser waits for the person."""
_UNREADABLE = (WebAuthnException, ValueError, TypeError, KeyError, RecursionError)
"""What the library raises for answers that are wrong, and for those that nobody can read."""


class NewPasskey(NamedTuple):
    """A passkey that a browser has just created."""

    id: bytes
    public_key: bytes
    counter: int
    """How often it has signed; always 0 for passkeys that do not count."""


def host_of(origin: str) -> str:
    """Return the host of the service, for which browsers keep passkeys apart from those of other hosts."""
    return urlsplit(origin).hostname or ""


def creation_json(origin: str, challenge: bytes, user_id: str, email: str, known: Sequence[PasskeyFacts]) -> str:
    """Return what a browser needs to create a passkey. Devices that have one of the `known` passkeys refuse."""
    return options_to_json(
        generate_registration_options(
            rp_id=host_of(origin),
            rp_name=ISSUER,
            user_id=user_id.encode(),
            user_name=email,
            challenge=challenge,
            timeout=MAX_MILLISECONDS,
            exclude_credentials=_descriptors(known),
            authenticator_selection=AuthenticatorSelectionCriteria(
                resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.REQUIRED
            ),
        )
    )


def request_json(origin: str, challenge: bytes, known: Sequence[PasskeyFacts]) -> str:
    """Return what a browser needs to ask for a signature of one of the `known` passkeys."""
    return options_to_json(
        generate_authentication_options(
            rp_id=host_of(origin),
            challenge=challenge,
            timeout=MAX_MILLISECONDS,
            allow_credentials=_descriptors(known),
            user_verification=UserVerificationRequirement.REQUIRED,
        )
    )


def read_created(answer: str, challenge: bytes, origin: str) -> NewPasskey | None:
    """Return the passkey that a browser has created for this challenge; None if the answer is wrong."""
    try:
        verified = verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=host_of(origin),
            expected_origin=_origins(origin),
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
    return NewPasskey(verified.credential_id, verified.credential_public_key, verified.sign_count)


def read_id(answer: str) -> bytes | None:
    """Return the id of the passkey that an answer names; None if the answer cannot be read."""
    try:
        return parse_authentication_credential_json(answer).raw_id
    except _UNREADABLE:
        return None


def count_of(answer: str, challenge: bytes, origin: str, facts: PasskeyFacts, earlier: int) -> int | None:
    """Return how often the passkey has signed, of an answer to this challenge; None if the answer is wrong.

    A count that is not greater than `earlier` is wrong: the passkey was copied. 0 means that it does not count.
    """
    try:
        verified = verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=facts.host,
            expected_origin=_origins(origin),
            credential_public_key=facts.public_key,
            credential_current_sign_count=earlier,
            require_user_verification=True,
        )
    except _UNREADABLE:
        return None
    return verified.new_sign_count


def _origins(origin: str) -> list[str]:
    # Behind a proxy that terminates TLS, the service does not know the scheme. Over plain HTTP, browsers have passkeys
    # on the local machine only.
    return [origin, f"https://{urlsplit(origin).netloc}"]


def _descriptors(known: Sequence[PasskeyFacts]) -> list[PublicKeyCredentialDescriptor]:
    return [PublicKeyCredentialDescriptor(id=facts.id) for facts in known]
