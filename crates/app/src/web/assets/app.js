// Keys, palette, toast and quick changes of the selected item. Every page works without this file.

const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const isShown = (element) => element.getClientRects().length > 0;
/** A button or link that may be pressed now. */
const isOffered = (element) => isShown(element) && !element.disabled && !element.closest("[inert]");
/** What is fetched beside the page leaves the toast of the next page alone. */
const aside = { Accept: "text/html", "X-Dunlin-Aside": "1" };

/* Rows: j and k move, Enter opens. On Today the selected item is shown beside the queue at once. */

// What stands beside a list has rows of its own: they are not those of the list.
const rows = () => all("[data-queue-item]").filter((row) => isShown(row) && !row.closest("#pane"));

function select(row) {
  for (const other of all("[data-queue-item][aria-current]")) other.removeAttribute("aria-current");
  row.setAttribute("aria-current", "true");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

let waiting = 0;
function move(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.findIndex((row) => row.getAttribute("aria-current") === "true");
  const next = at < 0 ? (step > 0 ? 0 : list.length - 1) : Math.min(Math.max(at + step, 0), list.length - 1);
  if (next === at) return;
  select(list[next]);
  if (one("[data-split]")) {
    clearTimeout(waiting);
    waiting = setTimeout(() => showBeside(list[next]), 90);
  }
  if (one("[data-triage]") && isShown(one("#detail") ?? document.body)) {
    clearTimeout(waiting);
    waiting = setTimeout(() => show(list[next].href, false), 90);
  }
}

function open() {
  const row = one('[data-queue-item][aria-current="true"]') ?? rows()[0];
  // On Today the item is shown already: Enter goes to it.
  if (row) location.href = row.href + (one("#detail") ? "#detail" : "");
}

/* Today: fetch the page of another item and put its panes in place of ours. */

let showing = null;
async function show(href, isBack) {
  showing?.abort();
  showing = new AbortController();
  const mine = showing;
  mine.busy = true;
  try {
    const answer = await fetch(href, { signal: showing.signal, headers: aside });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const theirs = one("[data-triage]", page);
    const ours = one("[data-triage]");
    if (!theirs || !ours) throw new Error("no queue");
    const place = one(".queue", ours)?.scrollTop ?? 0;
    const hadFocus = document.activeElement?.matches("[data-queue-item]");
    ours.replaceWith(theirs);
    offerCopying();
    const queue = one(".queue", theirs);
    if (queue) queue.scrollTop = place;
    if (hadFocus) one('[data-queue-item][aria-current="true"]')?.focus({ preventScroll: true });
    if (!isBack) history.pushState(null, "", href);
    document.title = page.title;
    scrollTo(0, 0);
  } catch (problem) {
    if (problem.name !== "AbortError") location.href = href;
  } finally {
    mine.busy = false;
  }
}

addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-triage] [data-queue-item]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  if (!row || !isPlain || !isShown(one("#detail") ?? document.body)) return;
  event.preventDefault();
  // The row that is shown already leads on to its item.
  if (row.getAttribute("aria-current") === "true") location.hash = "detail";
  else show(row.href, false);
});
/* Lists: the page of the selected row stands beside the list where there is room. Without it, rows are links. */

async function showBeside(row) {
  const pane = one("#pane");
  if (!pane || !isShown(pane)) return;
  showing?.abort();
  showing = new AbortController();
  const mine = showing;
  mine.busy = true;
  try {
    const answer = await fetch(row.href, { signal: mine.signal, headers: aside });
    if (!answer.ok || answer.redirected) throw new Error(String(answer.status));
    const main = one("main", new DOMParser().parseFromString(await answer.text(), "text/html"));
    if (!main) throw new Error("no page");
    one("nav.crumbs", main)?.remove();
    // The list has the heading of the page.
    for (const title of all("h1", main)) {
      const lower = document.createElement("h2");
      lower.className = "pane-title";
      lower.append(...title.childNodes);
      title.replaceWith(lower);
    }
    // What is done here comes back to the list.
    for (const next of all("input[name=next]", main)) next.value = location.pathname + location.search;
    const whole = pane.dataset.whole;
    const link = document.createElement("a");
    link.className = "button quiet";
    link.href = row.href;
    link.textContent = whole;
    pane.replaceChildren(link, ...main.childNodes);
    pane.scrollTop = 0;
    offerCopying();
  } catch (problem) {
    if (problem.name !== "AbortError") location.href = row.href;
  } finally {
    mine.busy = false;
  }
}

addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-split] .split-list [data-queue-item]");
  const isPlain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey || event.altKey);
  const pane = one("#pane");
  // The row that is shown already leads on to its page.
  if (!row || !isPlain || !pane || !isShown(pane) || row.getAttribute("aria-current") === "true") return;
  event.preventDefault();
  select(row);
  showBeside(row);
});

addEventListener("popstate", () => one("[data-triage]") && !location.hash && show(location.href, true));

/* Dialogs: browsers that know `commandfor` open them by themselves. */

const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;
addEventListener("click", (event) => {
  const opener = event.target.closest?.("[data-opens]");
  if (opener?.dataset.opens === "palette") preparePalette();
  if (opener && !knowsCommands) one(`#${opener.dataset.opens}`)?.showModal();
  if (event.target.matches?.("dialog")) event.target.close();
});

function openDialog(id) {
  const dialog = one(`#${id}`);
  if (!dialog || one("dialog[open]")) return;
  if (id === "palette") preparePalette();
  dialog.showModal();
  one("input", dialog)?.select();
}

/* Copying: offered only where the browser allows it. */

const offerCopying = () => all("[data-copies]").forEach((button) => (button.hidden = !navigator.clipboard));
offerCopying();
addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copies]");
  if (!button) return;
  await navigator.clipboard.writeText(button.dataset.copies);
  button.firstChild.textContent = button.dataset.copied;
});

/* Forms that unfold: only one at a time, the first field takes the focus, Escape folds it. */

addEventListener(
  "toggle",
  (event) => {
    const fold = event.target;
    if (!fold.matches?.("details.fold") || !fold.open) return;
    for (const other of all("details.fold[open]")) if (other !== fold) other.open = false;
    const body = one(".fold-body", fold) ?? fold;
    (one("[autofocus]", body) ?? one("input:not([type=hidden]), select, button", body))?.focus();
  },
  true,
);

/* An address that names a form unfolds it. */
const meant = location.hash.length > 1 && document.getElementById(location.hash.slice(1));
if (meant?.matches?.("details.fold")) meant.open = true;

/* A form is sent once. */
addEventListener("submit", (event) => {
  if (event.target.dataset.sent) return event.preventDefault();
  if (event.target.method === "post") event.target.dataset.sent = "yes";
});
addEventListener("pageshow", () => all("[data-sent]").forEach((form) => delete form.dataset.sent));

/* Toast: ten seconds, unless somebody is in it or it tells of a problem. */

const toast = one("body > [data-toast]");
if (toast && toast.dataset.tone !== "red") {
  const leave = () => (toast.matches(":hover, :focus-within") ? setTimeout(leave, 2000) : toast.remove());
  setTimeout(leave, 10_000);
}

/* Keys. */

const press = (key) => {
  const target = all(`[data-key="${key}"]`).find(isOffered);
  target?.click();
  return Boolean(target);
};

const KEYS = {
  "/": () => (one("#search")?.focus(), one("#search")?.select(), true),
  "?": () => (openDialog("keys"), true),
  j: () => (move(1), true),
  k: () => (move(-1), true),
};

addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === "k") {
    event.preventDefault();
    openDialog("palette");
    return;
  }
  if (event.key === "Escape") {
    const fold = document.activeElement?.closest?.("details.fold[open]") ?? one("details.fold[open]");
    if (fold) {
      fold.open = false;
      one("summary", fold)?.focus();
    } else if (document.activeElement?.matches("input, textarea, select")) {
      document.activeElement.blur();
    }
    return;
  }
  const isTyping = event.target.closest?.("input, textarea, select, [contenteditable], dialog");
  if (
    isTyping ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey ||
    event.isComposing ||
    (event.repeat && !"jk".includes(event.key))
  )
    return;
  if (event.key === "Enter") {
    if (document.activeElement === document.body || document.activeElement?.id === "main") open();
    return;
  }
  const act = KEYS[event.key] ?? (/^[acdersu]$/.test(event.key) ? () => press(event.key) : null);
  if (act?.()) event.preventDefault();
});

/* A job that is under way: look again. Without this module the page does so by itself. */
const underWay = document.querySelector("[data-refresh]");
if (underWay) setTimeout(() => location.reload(), Number(underWay.dataset.refresh) * 1000);

/* A file that hangs over the place to drop it. */
for (const place of document.querySelectorAll("[data-drop]")) {
  const over = (is) => () => place.toggleAttribute("data-over", is);
  place.addEventListener("dragover", (event) => event.preventDefault());
  place.addEventListener("dragenter", over(true));
  place.addEventListener("dragleave", over(false));
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    over(false)();
    place.querySelector("input[type=file]").files = event.dataTransfer.files;
    place.requestSubmit();
  });
}
