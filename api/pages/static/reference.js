// Shows the reference of Scalar in place of the operations as text. Nothing may send a request to another server: no
// proxy, fonts, telemetry or hosted agent. Without Scalar, for example when it could not be loaded, the text stays.
const operations = document.getElementById("operations");
globalThis.Scalar?.createApiReference("#reference", {
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
  onLoaded() { operations.remove(); },
});
