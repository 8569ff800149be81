"""The composition root: connects the API's ports with their implementations."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import falcon

from api.app import create_app
from api.ports.assistant import AssistantPorts
from api.ports.commands import CommandBus
from api.ports.dependencies import Dependencies
from api.ports.keys import LeakReports
from api.ports.request.observer import Observer
from api.ports.request.sender import OrganizationLookup
from domain.accounts.user.factors import Requirement
from infra.assets import reference_script
from infra.assistant.index import DEFAULT_QUESTIONS_PER_MINUTE, PostgresIndex, PostgresQuestionRateLimit
from infra.audit.copies.export_parts import PostgresExports
from infra.audit.own_security_events import PostgresSecurityReads
from infra.audit.privacy.requests import PostgresPrivacy
from infra.audit.proofs.own_proofs import PostgresProofs
from infra.identity.mode import PostgresTestLogs
from infra.identity.people import PostgresPeople, PostgresProfiles
from infra.identity.sandbox import sandbox_secret
from infra.identity.sessions import PostgresUsers
from infra.identity.settings import PostgresOrganizations
from infra.identity.setup.codes import PostgresSetup
from infra.identity.setup.sign_ups import PostgresSignUps
from infra.identity.users.factors.changes import PostgresFactors
from infra.identity.users.joining import PostgresInvitations
from infra.log.admission import PostgresAdmissionControl
from infra.log.command_bus import PostgresCommandBus
from infra.postgres.logins import Logins
from infra.postgres.pool import Pool, await_connection, open_pool, open_standby_pool
from infra.postgres.readiness.health import DatabaseHealth
from infra.reads.account import PostgresAccountReads
from infra.reads.edit_log import PostgresEditLogs
from infra.reads.events import PostgresEventReads
from infra.reads.keys import PostgresKeyReads
from infra.reads.objects.downloads import PostgresDownloads
from infra.reads.objects.files import PostgresListFiles
from infra.reads.objects.members import PostgresMemberReads
from infra.reads.objects.pdf.documents import DocumentPrinting
from infra.reads.objects.pdf.printer import Printer
from infra.reads.objects.resources import PostgresObjectReads
from infra.reads.objects.views import PostgresSavedViews
from infra.reads.overview import PostgresOverview
from infra.reads.standby import StandbyQueries
from infra.reads.webhooks import PostgresWebhookReads
from infra.settings import DEFAULT_TRACE_DAYS, Settings
from infra.settings.parsers import SignUp
from infra.settings.secret_box import SecretBox
from infra.telemetry.logs import AccessLog
from infra.webhooks.addresses import AddressGuard
from infra.webhooks.of_settings import address_guard
from infra.webhooks.set_up import PostgresWebhooks
from infra.worker.mail.requests import PostgresMails

if TYPE_CHECKING:
    from infra.telemetry.metrics import Metrics

_PUBLIC_ONLY = AddressGuard((), allows_loopback=False)


def access_log_of(settings: Settings) -> Observer | None:
    """Return the observer that writes a line for each request; None when the settings turn these lines off."""
    return AccessLog() if settings.access_log and settings.log_level in ("debug", "info") else None


def build_app(
    settings: Settings,
    logins: Logins,
    observers: Sequence[Observer] = (),
    metrics: Metrics | None = None,
    problems: Sequence[Callable[[], str | None]] = (),
) -> tuple[falcon.App[Any, Any], OrganizationLookup]:
    """Return the application on a connection pool of its own, and what finds the organizations of keys for the server.

    Call this in the server process, after the fork. `problems` return why other parts of the process cannot work, or
    None.
    """
    pool = open_pool(logins, settings.threads)
    await_connection(pool)
    standby = open_standby_pool(logins, settings.threads)
    admission_control = _admission_control(pool, metrics)
    app = app_on(
        pool,
        settings.public_url,
        observers,
        metrics,
        assistant_ports(pool, settings),
        cors_origins=settings.cors_origins,
        address_header=settings.address_header,
        contact=settings.contact,
        reload=settings.reload,
        guard=address_guard(settings),
        secret_keys=settings.secret_key,
        require_second_factor=settings.require_second_factor,
        sandbox_key=sandbox_secret(settings.secret_key[0]) if settings.sandbox and settings.secret_key else None,
        problems=problems,
        admission_control=admission_control,
        standby=standby,
        leak_reports=_leak_reports(pool, settings),
        signup=settings.signup,
        terms_url=settings.terms_url,
        trace_days=settings.trace_days,
    )
    return app, admission_control


def _leak_reports(pool: Pool, settings: Settings) -> LeakReports | None:
    if settings.github_keys_url is None:
        return None
    # Few services take reports, and what checks signatures takes long to import.
    from infra.identity.leaks.public_keys import PublicKeys  # noqa: PLC0415
    from infra.identity.leaks.reports import PostgresLeakReports  # noqa: PLC0415

    public_keys = PublicKeys(settings.github_keys_url)
    public_keys.load()
    return PostgresLeakReports(pool, public_keys)


def _admission_control(pool: Pool, metrics: Metrics | None) -> PostgresAdmissionControl:
    return PostgresAdmissionControl(pool, *([] if metrics is None else [metrics.count_verdict]))


def _standby_queries(
    pool: Pool, admission_control: PostgresAdmissionControl, standby: Pool | None, metrics: Metrics | None
) -> StandbyQueries | None:
    if standby is None:
        return None
    return StandbyQueries(pool, admission_control, standby, *([] if metrics is None else [metrics.standby_counter()]))


def assistant_ports(pool: Pool, settings: Settings | None) -> AssistantPorts:
    """Return the assistant's dependencies. They include a language model if the settings name one."""
    rate = DEFAULT_QUESTIONS_PER_MINUTE if settings is None else settings.assistant_rate
    index, rate_limit = PostgresIndex(pool), PostgresQuestionRateLimit(pool, rate)
    if settings is None:
        return AssistantPorts(index, rate_limit)
    model = None
    if settings.llm_url is not None:
        # Few services have a model, and the HTTP client takes long to import.
        from infra.assistant.model import ChatModel  # noqa: PLC0415

        # At most half of the threads may wait for the model; the others keep serving requests.
        model = ChatModel(settings.llm_url, settings.llm_model, settings.llm_key, max(1, settings.threads // 2))
    return AssistantPorts(index, rate_limit, model)


def app_on(
    pool: Pool,
    public_url: str | None = None,
    observers: Sequence[Observer] = (),
    metrics: Metrics | None = None,
    assistant: AssistantPorts | None = None,
    *,
    cors_origins: Sequence[str] = (),
    address_header: str | None = None,
    contact: str | None = None,
    reload: bool = False,
    guard: AddressGuard = _PUBLIC_ONLY,
    secret_keys: Sequence[str] = (),
    require_second_factor: Requirement = "none",
    sandbox_key: str | None = None,
    problems: Sequence[Callable[[], str | None]] = (),
    admission_control: PostgresAdmissionControl | None = None,
    standby: Pool | None = None,
    leak_reports: LeakReports | None = None,
    signup: SignUp = "invite",
    terms_url: str | None = None,
    trace_days: int = DEFAULT_TRACE_DAYS,
) -> falcon.App[Any, Any]:
    """Return the application on this connection pool. Without `assistant`, the assistant has no language model.

    Webhooks may lead where `guard` allows it; without `secret_keys`, none can be created, no second factor added, and
    no checkpoint signed.
    `/readyz` also shows `problems`. With `standby`, a pool of connections to a standby, reads may be answered there.
    Without `leak_reports`, no reports of leaked keys are taken. Security events are kept for `trace_days`.
    """
    admission_control = admission_control or _admission_control(pool, metrics)
    command_bus: CommandBus = PostgresCommandBus(pool, admission_control)
    if metrics is not None:
        command_bus, observers = metrics.wrap(command_bus, observers)
        metrics.watch(pool)
    box = SecretBox(secret_keys) if secret_keys else None
    queries = _standby_queries(pool, admission_control, standby, metrics)
    return create_app(
        Dependencies(
            admission_control=admission_control,
            command_bus=command_bus,
            reads=PostgresObjectReads(pool, admission_control, queries),
            member_reads=PostgresMemberReads(pool),
            printing=DocumentPrinting(pool, Printer()),
            downloads=PostgresDownloads(pool),
            list_files=PostgresListFiles(pool),
            saved_views=PostgresSavedViews(pool),
            event_reads=PostgresEventReads(pool, admission_control, queries),
            proofs=PostgresProofs(pool, box),
            account_reads=PostgresAccountReads(pool, admission_control),
            health=DatabaseHealth(pool, secret_keys, problems),
            assistant=assistant or assistant_ports(pool, None),
            people=PostgresPeople(pool),
            invitations=PostgresInvitations(pool),
            organizations=PostgresOrganizations(pool),
            exports=PostgresExports(pool),
            edit_logs=PostgresEditLogs(pool, Printer()),  # of its own: invoices do not wait for a long edit log
            privacy=PostgresPrivacy(pool),
            users=PostgresUsers(pool, require_second_factor),
            factors=PostgresFactors(pool, box),
            setup=PostgresSetup(pool),
            profiles=PostgresProfiles(pool),
            mails=PostgresMails(pool),
            overview=PostgresOverview(pool),
            security_reads=PostgresSecurityReads(pool),
            trace_days=trace_days,
            key_reads=PostgresKeyReads(pool),
            webhook_reads=PostgresWebhookReads(pool),
            webhooks=PostgresWebhooks(pool, guard, box),
            leak_reports=leak_reports,
            takes_invitations=signup != "closed",
            sign_ups=PostgresSignUps(pool) if signup == "open" else None,
            terms_url=terms_url,
            test_logs=PostgresTestLogs(pool),
            public_url=public_url,
            cors_origins=cors_origins,
            address_header=address_header,
            contact=contact,
            sandbox_key=sandbox_key,
            observers=observers,
            reload_pages=reload,
            reference_script=reference_script(),
        )
    )
