// Sends questions without leaving the page, and shows the answer while it is written. The forms also work without JavaScript.
const talk = document.getElementById("talk");
const form = document.getElementById("ask");
const question = document.getElementById("question");
let isAsking = false;

if (!talk.querySelector("article, p")) talk.textContent = "";
addCopyButtons(talk.querySelectorAll("pre"));

document.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const text = submitted.submitter?.name === "question" ? submitted.submitter.value : question.value;
  if (text.trim() && !isAsking) ask(text.trim());
});
question.addEventListener("keydown", (pressed) => {
  if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) {
    pressed.preventDefault();
    form.requestSubmit();
  }
});

async function ask(text) {
  const heading = addArticle("asked");
  const title = document.createElement("h2");
  title.append(Object.assign(document.createElement("bdi"), { textContent: text }));
  heading.append(title);
  const answer = addArticle("answered");
  answer.setAttribute("aria-busy", "true");
  question.value = "";
  heading.scrollIntoView({ block: "start" });
  isAsking = true;
  try {
    const body = new URLSearchParams({ question: text, language: form.elements.language.value });
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/event-stream" } });
    if (!response.ok) throw new Error(response.statusText);
    await read(response.body, (shown) => { answer.innerHTML = shown.html; });
  } catch {
    answer.innerHTML = '<p class="problem" role="alert">The assistant could not be reached. Try again in a moment.</p>';
  } finally {
    isAsking = false;
    answer.removeAttribute("aria-busy");
    addCopyButtons(answer.querySelectorAll("pre"));
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

function addArticle(name) {
  const article = document.createElement("article");
  article.className = name;
  talk.append(article);
  return article;
}
