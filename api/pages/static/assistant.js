// Sends questions without leaving the page, and shows the answer while it is written. The forms also work without JavaScript.
// The thread is kept in the tab's session storage, so that a reload shows it again. It is sent along with each question.
const talk = document.getElementById("talk");
const form = document.getElementById("ask");
const question = document.getElementById("question");
const busy = document.getElementById("busy");
const restart = document.getElementById("restart");
const STORE = "assistant-thread", SENT = 6, KEPT = 20, CHARACTERS = 2000;
let thread = [];
let isAsking = false;

document.querySelectorAll('input[name="previous"]').forEach((input) => input.remove());
if (talk.querySelector("article, p")) addCopyButtons(talk.querySelectorAll("pre"));
else restore();

document.addEventListener("submit", (submitted) => {
  submitted.preventDefault();
  const text = submitted.submitter?.name === "question" ? submitted.submitter.value : question.value;
  if (!text.trim()) return;
  if (isAsking) busy.textContent = "One moment: the answer before is still being written. Your question stays here.";
  else ask(text.trim());
});
question.addEventListener("keydown", (pressed) => {
  if (pressed.key === "Enter" && !pressed.shiftKey && !pressed.isComposing) {
    pressed.preventDefault();
    form.requestSubmit();
  }
});
restart.addEventListener("click", () => {
  thread = [];
  keep();
  talk.textContent = "";
  question.focus();
});

async function ask(text) {
  const shown = text.replace(/(sd_(?:live|test)_)\w+/g, "$1…"); // a key is neither shown nor kept
  const answer = addQuestion(shown);
  answer.setAttribute("aria-busy", "true");
  question.value = "";
  isAsking = true;
  try {
    const body = new URLSearchParams({ question: text, language: form.elements.language.value });
    for (const each of thread.slice(-SENT)) body.append("previous", each.question.slice(0, CHARACTERS));
    const response = await fetch(form.action, { method: "POST", body, headers: { Accept: "text/event-stream" } });
    if (!response.ok) throw new Error(response.statusText);
    await read(response.body, (event) => { answer.innerHTML = event.html; });
    if (answer.querySelector(".problem")) question.value ||= text;
    else thread.push({ question: shown, answer: answer.innerHTML });
    keep();
  } catch {
    answer.innerHTML = '<p class="problem" role="alert">The assistant could not be reached. Try again in a moment.</p>';
    question.value ||= text;
  } finally {
    isAsking = false;
    busy.textContent = "";
    answer.removeAttribute("aria-busy");
    addCopyButtons(answer.querySelectorAll("pre"));
    question.focus({ preventScroll: true });
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

function addQuestion(text) {
  const heading = addArticle("asked");
  const title = document.createElement("h2");
  title.append(Object.assign(document.createElement("bdi"), { textContent: text }));
  heading.append(title);
  heading.scrollIntoView({ block: "start" });
  return addArticle("answered");
}

function addArticle(name) {
  const article = document.createElement("article");
  article.className = name;
  talk.append(article);
  return article;
}

function keep() {
  thread = thread.slice(-KEPT);
  restart.hidden = !thread.length;
  try {
    sessionStorage.setItem(STORE, JSON.stringify(thread));
  } catch {
    // Without storage, the thread lasts until the page is left.
  }
}

function restore() {
  talk.textContent = "";
  try {
    thread = JSON.parse(sessionStorage.getItem(STORE)) ?? [];
  } catch {
    thread = [];
  }
  for (const each of thread) {
    const answer = addQuestion(each.question);
    answer.innerHTML = each.answer;
    addCopyButtons(answer.querySelectorAll("pre"));
  }
  restart.hidden = !thread.length;
  if (thread.length) talk.lastElementChild.scrollIntoView({ block: "nearest" });
}
