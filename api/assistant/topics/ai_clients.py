"""Topics about Claude and other programs with a language model, which use the API through MCP."""

from __future__ import annotations

from api.assistant.topics.topic import topic

_CLIENTS = "mcp claude cursor_editor chatgpt gemini copilot ai llm agent"

AI_CLIENT_TOPICS = (
    topic(
        f"""{_CLIENTS} | connect use can talk how add work support tool tools ask see read set
        mcp
        claude
        ai llm | client assistant agent tool model | !you human store hindi question
        vs vscode cursor_editor | code mcp""",
        "Yes, Claude, Cursor, VS Code and other AI clients use the API through MCP, at `/mcp`: give them the address and the header "
        "`Authorization: Bearer sd_live_…`; each operation is a tool. Claude Desktop starts `smartdhandha mcp` instead. The connectors of "
        "claude.ai and ChatGPT cannot use it, because they sign in with OAuth.",
        "ai-clients ai-clients#clients-that-send-headers",
        like="""can I use it from Claude
        is there an MCP server
        connect ChatGPT or another AI client to my invoices
        can an AI agent read my invoices""",
    ),
    topic(
        f"{_CLIENTS} | chatgpt claude.ai oauth connector connectors",
        "No, the connectors of claude.ai and ChatGPT cannot use it, because they sign in with OAuth. Clients that send a header can, such "
        "as Claude Code, Cursor and VS Code, and Claude Desktop with `smartdhandha mcp`.",
        "ai-clients ai-clients#when-it-refuses",
        like="""does the ChatGPT connector work
        can I add it as a connector in claude.ai""",
    ),
    topic(
        f"{_CLIENTS} | safe secure danger trust wrong delete change write prevent only scope key allow permission instructions injection",
        "Give the AI client a key of its own with the fewest scopes: with `billing:read` alone it can look, and change nothing. Tools of "
        "scopes that the key does not have are not shown; leave it on that the client asks before each change.",
        "ai-clients#before-you-start ai-clients#texts-of-other-people",
        like="""is it safe to give an AI access
        how do I stop Claude from changing invoices
        which key does an AI client need""",
    ),
    topic(
        f"{_CLIENTS} | cost credit charge price free",
        "A call of a tool costs what its operation costs: one credit, and nothing for `getAccount`, `getOrganization` and `getUsage`; connecting and listing "
        "the tools is free. Give its key a credit limit of its own, because a model asks often.",
        "ai-clients#what-it-costs",
        like="does a call from Claude cost a credit",
    ),
    topic(
        f"{_CLIENTS} | twice duplicate retry idempotency again",
        "Each change through MCP has an idempotency key; if the model sends none, the service makes one, and the result contains it as "
        "`idempotencyKey`. The same key with the same arguments makes the change once.",
        "ai-clients#changes-are-made-once",
        like="can an AI client create an invoice twice",
    ),
)
