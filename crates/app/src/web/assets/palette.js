/* Palette: one field over the actions of this page, the places of the product, and whatever a search finds. The
   server's list of links is what is left without this file; here it becomes a list box that the field works. */

const palette = one("#palette");
const paletteField = one("input", palette ?? document);
const paletteBox = one("[role=listbox]", palette ?? document);
const paletteLinks = all("[data-command]", palette ?? document);
let paletteAt = 0;
let found = [];
let looking = null;
let typing = 0;

/** What the element says without its key. */
function saying(element) {
  const copy = element.cloneNode(true);
  for (const key of all("kbd, .unseen, .not-yet", copy)) key.remove();
  return copy.textContent.replaceAll(/\s+/g, " ").trim();
}

/** Buttons with a key that the page shows right now. */
function pageActions() {
  const shown = all("[data-key]").filter((element) => isOffered(element) && !element.closest("dialog"));
  return shown.map((element) => ({ label: saying(element), key: one("kbd", element)?.textContent, act: () => element.click() }));
}

function paletteGroups() {
  const wanted = paletteField.value.trim();
  const fits = (entry) => entry.label.toLowerCase().includes(wanted.toLowerCase());
  const places = paletteLinks.map((link) => ({ label: saying(link), icon: one("svg", link), href: link.href }));
  const own = [
    { title: paletteBox.dataset.actions, entries: (paletteActions ?? []).filter(fits) },
    { title: paletteBox.dataset.places, entries: places.filter(fits) },
  ];
  const isExact = found.some((group) => group.entries.some((entry) => entry.isExact));
  const groups = isExact ? [...found, ...own] : [...own, ...found];
  if (wanted) {
    const href = `/search?q=${encodeURIComponent(wanted)}`;
    groups.push({ title: "", entries: [{ label: paletteBox.dataset.all, note: wanted, href }] });
  }
  return groups.filter((group) => group.entries.length);
}

let paletteActions = [];
let paletteShown = [];
function drawPalette(at = 0) {
  paletteShown = [];
  const parts = paletteGroups().map((group, number) => {
    const part = document.createElement("div");
    part.setAttribute("role", "group");
    if (group.title) {
      const head = document.createElement("p");
      head.className = "palette-head";
      head.id = `palette-group-${number}`;
      head.setAttribute("role", "presentation");
      head.textContent = group.title;
      part.setAttribute("aria-labelledby", head.id);
      part.append(head);
    }
    part.append(...group.entries.map(paletteOption));
    return part;
  });
  paletteBox.replaceChildren(...parts);
  markOption(at);
}

function paletteOption(entry) {
  const option = document.createElement("div");
  option.className = "palette-option";
  option.id = `palette-option-${paletteShown.length}`;
  option.setAttribute("role", "option");
  if (entry.icon) option.append(entry.icon.cloneNode(true));
  const label = document.createElement("span");
  label.textContent = entry.label;
  option.append(label);
  if (entry.note) {
    const note = document.createElement("span");
    note.className = "soft palette-note";
    note.textContent = entry.note;
    option.append(note);
  }
  if (entry.key) {
    const key = document.createElement("kbd");
    key.textContent = entry.key;
    option.append(key);
  }
  option.addEventListener("click", () => follow(entry));
  paletteShown.push({ entry, option });
  return option;
}

function markOption(at) {
  paletteAt = Math.min(Math.max(at, 0), paletteShown.length - 1);
  paletteShown.forEach(({ option }, place) => option.setAttribute("aria-selected", String(place === paletteAt)));
  const chosen = paletteShown[paletteAt]?.option;
  if (!chosen) return paletteField.removeAttribute("aria-activedescendant");
  paletteField.setAttribute("aria-activedescendant", chosen.id);
  chosen.scrollIntoView({ block: "nearest" });
}

function follow(entry) {
  palette.close();
  if (entry.act) entry.act();
  else location.href = entry.href;
}

async function lookFor(text) {
  looking?.abort();
  looking = new AbortController();
  if (!text) {
    found = [];
    return drawPalette();
  }
  try {
    const answer = await fetch(`/search?part=1&q=${encodeURIComponent(text)}`, { signal: looking.signal, headers: aside });
    if (!answer.ok || answer.redirected) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    found = all("[data-hits]", page).map((group) => ({
      title: one("h2", group).textContent,
      entries: all("[data-hit]", group).map((link) => ({
        label: one(".hit-title", link).textContent,
        note: one(".hit-note", link).textContent,
        icon: one("svg", link),
        href: link.getAttribute("href"),
        isExact: Boolean(one(".pill", link)),
      })),
    }));
    drawPalette(paletteAt);
  } catch (problem) {
    if (problem.name !== "AbortError") console.warn(problem);
  }
}

/** Before it opens: empty, with what the page offers right now. */
function preparePalette() {
  paletteActions = pageActions();
  found = [];
  paletteField.value = "";
  drawPalette();
}

if (palette) {
  one("[data-links]", palette).hidden = true;
  paletteBox.hidden = false;
  paletteField.setAttribute("role", "combobox");
  paletteField.setAttribute("aria-autocomplete", "list");
  paletteField.setAttribute("aria-expanded", "true");
  paletteField.setAttribute("aria-controls", paletteBox.id);
  paletteField.addEventListener("input", () => {
    clearTimeout(typing);
    drawPalette();
    typing = setTimeout(() => lookFor(paletteField.value.trim()), 120);
  });
  paletteField.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      markOption(paletteAt + step);
    } else if (event.key === "Escape") {
      // A search field would empty itself first.
      event.preventDefault();
      event.stopPropagation();
      palette.close();
    } else if (event.key === "Enter" && paletteShown[paletteAt]) {
      event.preventDefault();
      follow(paletteShown[paletteAt].entry);
    }
  });
}
