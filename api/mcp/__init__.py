"""The operations of the API as tools for AI clients, over the Model Context Protocol (MCP)."""
