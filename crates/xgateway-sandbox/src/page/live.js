// Keeps a page up to date. Every page is whole without it.
"use strict";

const SHOWN_MAX = 300;

// Hears of what happens after what the page shows, while somebody can see it: a browser opens six connections to one
// place and no more, and tabs that nobody looks at would take them all.
function hear(link, listen) {
  const from = new URL(link, location.href);
  let source = null;
  const change = () => {
    source?.close();
    source = null;
    if (document.visibilityState === "hidden") return;
    source = new EventSource(from);
    listen(source, (event) => from.searchParams.set("after", event.lastEventId));
  };
  document.addEventListener("visibilitychange", change);
  change();
}

// A list that grows: the server sends each new entry as HTML that it has escaped itself.
function grow(list) {
  const state = document.querySelector("[data-state]");
  const say = (text) => { if (state) state.textContent = text; };
  const add = (event) => {
    const shell = document.createElement("template");
    shell.innerHTML = event.data;
    for (const entry of shell.content.children) {
      if (document.getElementById(entry.id)) continue;
      entry.classList.add("fresh");
      list.prepend(entry);
    }
    while (list.children.length > SHOWN_MAX) list.lastElementChild.remove();
    document.querySelector("[data-empty]")?.remove();
  };
  hear(list.dataset.live, (source, heard) => {
    source.addEventListener("open", () => say("Live."));
    source.addEventListener("error", () => say("Not connected; trying again."));
    source.addEventListener("item", (event) => { heard(event); add(event); });
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
        const isNew = fresh && fresh.innerHTML !== part.innerHTML;
        if (isNew && !missed) part.innerHTML = fresh.innerHTML;
      }
    } catch {
      // The next change tries again.
    }
    loading = false;
    if (again) load();
  };
  part.addEventListener("focusout", () => { if (missed) load(); });
  hear(part.dataset.follow, (source, heard) => {
    source.addEventListener("change", (event) => { heard(event); load(); });
  });
}

for (const list of document.querySelectorAll("[data-live]")) grow(list);
for (const part of document.querySelectorAll("[data-follow]")) follow(part);

for (const button of document.querySelectorAll("[data-copy]")) {
  // Browsers have it for this machine and for https alone.
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = "Copied";
  });
}
