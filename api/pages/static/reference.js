// Shows the reference of Scalar in place of the operations as text. Nothing may send a request to another server: no
// proxy, fonts, telemetry or hosted agent. Without Scalar, for example when it could not be loaded, the text stays.
// No HTTP client is the default, so that Scalar shows the first of our own code samples.
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
  operationTitleSource: "summary",
  theme: "default",
  onLoaded() { operations.remove(); },
});

// Scalar leaves buttons without a name, and says only "Token" where a key is expected.
function mend() {
  for (const button of document.querySelectorAll("button[class*='copy-button']:not([aria-label])")) button.setAttribute("aria-label", "Copy");
  for (const input of document.querySelectorAll("input[placeholder=Token]")) input.placeholder = "sd_live_… from Settings → Developer";
}
let isPlanned = false;
new MutationObserver(() => {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => { isPlanned = false; mend(); });
}).observe(document.body, { childList: true, subtree: true });
