// Buttons that ask the browser for a passkey. What it returns is sent with the button's form. Without JavaScript, and in
// browsers that cannot read the options, the buttons stay hidden, and a text says so.
for (const button of document.querySelectorAll("button[data-passkey]")) {
  const [method, reader] = button.dataset.passkey === "create"
    ? ["create", "parseCreationOptionsFromJSON"] : ["get", "parseRequestOptionsFromJSON"];
  const { form } = button, failed = form.querySelector("[data-failed]");
  if (!self.PublicKeyCredential?.[reader]) continue;
  button.hidden = false;
  form.querySelector("[data-without]").hidden = true;
  button.addEventListener("click", async () => {
    if (!form.reportValidity()) return;
    button.disabled = true;
    failed.hidden = true;
    try {
      const publicKey = PublicKeyCredential[reader](JSON.parse(button.dataset.options));
      form.elements.passkey.value = JSON.stringify(await navigator.credentials[method]({ publicKey }));
      form.submit();
    } catch {
      failed.hidden = false;
      button.disabled = false;
    }
  });
}
