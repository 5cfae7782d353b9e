// Keeps a page up to date. Every page is whole without it.
"use strict";

const SHOWN_MAX = 300;

// A list that grows: the server sends each new entry as HTML that it has escaped itself.
function grow(list) {
  const state = document.querySelector("[data-state]");
  const say = (text) => { if (state) state.textContent = text; };
  const source = new EventSource(list.dataset.live);
  source.addEventListener("open", () => say("Live."));
  source.addEventListener("error", () => say("Not connected; trying again."));
  source.addEventListener("item", (event) => {
    const shell = document.createElement("template");
    shell.innerHTML = event.data;
    for (const entry of shell.content.children) {
      if (document.getElementById(entry.id)) continue;
      entry.classList.add("fresh");
      list.prepend(entry);
    }
    while (list.children.length > SHOWN_MAX) list.lastElementChild.remove();
    document.querySelector("[data-empty]")?.remove();
  });
}

// A part that is loaded again when something has changed, unless somebody is using it.
function follow(part) {
  let again = false;
  let loading = false;
  let missed = false;
  const load = async () => {
    if (loading) { again = true; return; }
    loading = true;
    again = false;
    try {
      const answer = await fetch(location.href, { headers: { accept: "text/html" } });
      if (answer.ok) {
        const page = new DOMParser().parseFromString(await answer.text(), "text/html");
        const fresh = page.querySelector("[data-follow]");
        missed = part.contains(document.activeElement);
        if (fresh && !missed) part.innerHTML = fresh.innerHTML;
      }
    } catch {
      // The next change tries again.
    }
    loading = false;
    if (again) load();
  };
  part.addEventListener("focusout", () => { if (missed) load(); });
  const source = new EventSource(part.dataset.follow);
  source.addEventListener("change", load);
}

for (const list of document.querySelectorAll("[data-live]")) grow(list);
for (const part of document.querySelectorAll("[data-follow]")) follow(part);

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}
