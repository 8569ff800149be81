"""The argument of `create_app`: the implementations of all ports, and the settings of the API."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from api.ports.account import AccountReads
from api.ports.admission import AdmissionControl
from api.ports.assistant import AssistantPorts
from api.ports.commands import CommandBus, TestLogs
from api.ports.event_log import EventReads, Proofs
from api.ports.health import Health
from api.ports.keys import KeyReads, LeakReports
from api.ports.organization import Exports, Organizations
from api.ports.organization.edit_log import EditLogs
from api.ports.organization.privacy import Privacy
from api.ports.overview import Overview, SecurityReads
from api.ports.people import Invitations, People
from api.ports.reads import MemberReads, ObjectReads, Printing
from api.ports.request.observer import Observer
from api.ports.users import Mails, Profiles, Users
from api.ports.users.downloads import Downloads
from api.ports.users.factors import Factors
from api.ports.users.files import ListFiles
from api.ports.users.setup import Setup, SignUps
from api.ports.users.views import SavedViews
from api.ports.webhooks import Webhooks
from api.ports.webhooks.reads import WebhookReads


class Dependencies(msgspec.Struct, frozen=True):
    """The implementations of the ports, and the settings of the API."""

    admission_control: AdmissionControl
    command_bus: CommandBus
    reads: ObjectReads
    member_reads: MemberReads
    printing: Printing
    downloads: Downloads
    list_files: ListFiles
    saved_views: SavedViews
    event_reads: EventReads
    proofs: Proofs
    account_reads: AccountReads
    health: Health
    assistant: AssistantPorts
    users: Users
    people: People
    invitations: Invitations
    organizations: Organizations
    exports: Exports
    edit_logs: EditLogs
    privacy: Privacy
    factors: Factors
    setup: Setup
    profiles: Profiles
    mails: Mails
    overview: Overview
    security_reads: SecurityReads
    trace_days: int
    """The number of days for which security events are kept."""
    key_reads: KeyReads
    webhook_reads: WebhookReads
    webhooks: Webhooks
    test_logs: TestLogs
    leak_reports: LeakReports | None = None
    """Checks reports of leaked keys; None if the service knows nobody who reports."""
    sign_ups: SignUps | None = None
    """Lets anybody make an organization; None if people cannot sign up on this installation."""
    terms_url: str | None = None
    """The page with the terms to which people agree who sign up; None if there is none."""
    takes_invitations: bool = True
    """Whether owners and admins may invite people, who then may join."""
    public_url: str | None = None
    """The origin with which links begin, such as `https://api.example.in`; None to use the origin of each request."""
    cors_origins: Sequence[str] = ()
    """The origins of other websites whose scripts may call the API."""
    address_header: str | None = None
    """The header in which a trusted proxy sends the client's address; None when clients connect directly."""
    observers: Sequence[Observer] = ()
    """Functions that are called with a record of each finished request."""
    contact: str | None = None
    """The URL at which people reach the operator of the service, such as `mailto:help@example.in`; None if unknown."""
    sandbox_key: str | None = None
    """The key with which visitors of the start page run a request; None if they cannot."""
    reload_pages: bool = False
    """Whether changed templates, static files and guides are read again, for development."""
    reference_script: bytes | None = None
    """The gzipped script of the API reference; None if browsers must load it from the public CDN."""
