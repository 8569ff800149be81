"""`smartdhandha mcp`: lets AI clients on this computer use a service, over standard input and output."""

from __future__ import annotations

import sys

import click
import httpx

from infra.cli.clients.bridge import Bridge
from infra.cli.clients.connection import read_key, service_url_option
from infra.cli.output import note, standard_output

_TIMEOUT_SECONDS = 30
_WITHOUT_KEY = "Set SMARTDHANDHA_API_KEY to an API key of the organization, in the settings of your AI client."


@click.command("mcp")
@service_url_option
def mcp_command(url: str) -> None:
    """Speak the Model Context Protocol (MCP) on standard input and output until the input ends.

    An AI client starts this command. It needs no database: it sends each message to the service at --url, with the key
    in SMARTDHANDHA_API_KEY. The tools are the operations of the API that this key may call.

    \b
    Example: smartdhandha mcp --url https://api.example.com
    """
    key = read_key()
    if not key:
        raise click.UsageError(_WITHOUT_KEY)
    note(f"Speaks MCP for the service at {url}. Close the input to stop.")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    with httpx.Client(base_url=url, headers=headers, timeout=_TIMEOUT_SECONDS) as client, standard_output() as out:
        bridge = Bridge(client)
        for line in sys.stdin.buffer:
            if line.strip() and (answer := bridge.answer(line)):
                out.write(answer + b"\n")
                out.flush()
