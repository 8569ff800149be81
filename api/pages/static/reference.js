// Starts Scalar on the page. Nothing may send a request to another server: no proxy, fonts, telemetry or hosted agent.
Scalar.createApiReference("#reference", {
  url: "/api/v1/openapi.json",
  proxyUrl: "",
  withDefaultFonts: false,
  telemetry: false,
  agent: { disabled: true },
  mcp: { disabled: true },
  showDeveloperTools: "never",
  hideClientButton: true,
  hideDarkModeToggle: true,
  persistAuth: false,
  authentication: { preferredSecurityScheme: "apiKey" },
  defaultHttpClient: { targetKey: "shell", clientKey: "curl" },
  operationTitleSource: "summary",
  theme: "default",
});
