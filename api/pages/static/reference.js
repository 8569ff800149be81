// Shows the reference of Scalar in place of the operations as text. Nothing may send a request to another server: no
// proxy, fonts, telemetry or hosted agent. Its script is large, so it is fetched when the text is there; without it, the
// text stays. No HTTP client is the default, so that Scalar shows the first of our own code samples.
const operations = document.getElementById("operations");
const { source, integrity } = document.currentScript.dataset;

function showReference() {
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
    operationTitleSource: "summary",
    theme: "default",
    onLoaded() { operations.remove(); },
  });
}
addEventListener("load", () => {
  const script = Object.assign(document.createElement("script"), { src: source, integrity, crossOrigin: "anonymous" });
  script.addEventListener("load", showReference);
  document.head.append(script);
});

// Scalar leaves buttons without a name or with a name that lacks their text, and says only "Token" where a key is expected.
function mend() {
  for (const button of document.querySelectorAll("button.show-more[aria-label]")) {
    const [text, name] = [button.textContent.trim(), button.getAttribute("aria-label")];
    if (!name.startsWith(text)) button.setAttribute("aria-label", `${text}: ${name}`);
  }
  for (const button of document.querySelectorAll("button[class*='copy-button']:not([aria-label])")) button.setAttribute("aria-label", "Copy");
  for (const input of document.querySelectorAll("input[placeholder=Token]")) input.placeholder = "sd_live_… from Settings → Developer";
}
// On a phone, the response to a request that was tried is below the form: the form scrolls to it.
const isNarrow = matchMedia("(max-width: 46rem)");
let shownResponse = null;
function showResponse() {
  const response = document.querySelector(".scalar-client .animate-response-children");
  if (response === shownResponse) return;
  shownResponse = response;
  if (isNarrow.matches) response?.scrollIntoView({ block: "start" });
}
let isPlanned = false;
new MutationObserver(() => {
  if (isPlanned) return;
  isPlanned = true;
  requestAnimationFrame(() => { isPlanned = false; mend(); showResponse(); });
}).observe(document.body, { childList: true, subtree: true });
