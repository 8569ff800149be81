// Sends questions without leaving the page, and shows the answer while it is written. Without JavaScript the forms work, too.
const talk = document.getElementById("talk");
const form = document.getElementById("ask");
const question = document.getElementById("question");
let asking = null;

if (!talk.querySelector("article, p")) talk.textContent = "";
addCopies(talk);

document.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const text = submitted.submitter?.name === "question" ? submitted.submitter.value : question.value;
  if (text.trim() && !asking) ask(text.trim());
});
question.addEventListener("keydown", (pressed) => {
  if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) {
    pressed.preventDefault();
    form.requestSubmit();
  }
});

async function ask(text) {
  const asked = added("asked");
  asked.append(Object.assign(document.createElement("h2"), { textContent: text }));
  const answered = added("answered");
  answered.setAttribute("aria-busy", "true");
  question.value = "";
  asked.scrollIntoView({ block: "start" });
  asking = answered;
  try {
    const body = new URLSearchParams({ question: text, language: form.elements.language.value });
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/event-stream" } });
    if (!response.ok) throw new Error(response.statusText);
    await read(response.body, (shown) => { answered.innerHTML = shown.html; });
  } catch {
    answered.innerHTML = '<p class="problem" role="alert">The assistant could not be reached. Try again in a moment.</p>';
  } finally {
    asking = null;
    answered.removeAttribute("aria-busy");
    addCopies(answered);
  }
}

// The server renders answers and escapes every text in them. The page's policy would also stop a script in them.
async function read(stream, show) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  let held = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    held += value;
    const events = held.split("\n\n");
    held = events.pop();
    for (const event of events) show(JSON.parse(event.slice(event.indexOf("\ndata: ") + 7)));
  }
}

function added(name) {
  const article = document.createElement("article");
  article.className = name;
  talk.append(article);
  return article;
}

function addCopies(within) {
  for (const shown of within.querySelectorAll("pre")) {
    const frame = document.createElement("div");
    frame.className = "copyable";
    shown.replaceWith(frame);
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = "Copy";
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(shown.textContent);
      button.textContent = "Copied";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
    frame.append(shown, button);
  }
}
