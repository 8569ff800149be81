// Copy buttons on the samples, the responses and the commands of the landing page. On a phone, the groups of endpoints
// but the first are closed at first; without JavaScript they are open.
addCopyButtons(document.querySelectorAll(".landing pre"));
if (matchMedia("(max-width: 46rem)").matches) {
  for (const group of document.querySelectorAll(".group:not(:first-child)")) group.open = false;
}

// The space of the pictures is reserved, so that nothing moves when they come. Where pictures are off, or one does not
// come, its text alone stands there. The icon in the header says whether pictures are on.
const pictures = document.querySelector(".pictures");
addEventListener("load", () => {
  pictures?.classList.add(document.querySelector(".brand img").naturalWidth ? "reserved" : "missing");
});
pictures?.addEventListener("error", (failed) => failed.target.closest("figure").classList.add("missing"), true);

// The response of the request that a visitor runs comes below the button, and not on a page of its own.
const run = document.querySelector(".run form");
run?.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [button, place] = [run.querySelector("button"), document.querySelector("#ran")];
  button.disabled = true;
  try {
    const response = await fetch("/run?part=1", { headers: { Accept: "text/html" } });
    if (!response.ok) throw new Error(response.status);
    place.innerHTML = await response.text();
    addCopyButtons(place.querySelectorAll("pre"));
  } catch {
    location.assign("/run"); // it says what is wrong
  } finally {
    button.disabled = false;
  }
});
