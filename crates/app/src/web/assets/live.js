/* Live: when the firm's sequence moves on, the page is fetched again and put in place of what has changed, piece by
   piece. Nothing moves under somebody who types or has a dialog open, and a letter that somebody reads is never
   exchanged for another. */

let drawnAt = Number(document.body.dataset.seq ?? NaN);
let heardOf = drawnAt;
let ear = null;
let refreshing = false;

/** Whether the reader is in the middle of something. */
function isBusy() {
  const field = document.activeElement?.closest?.("input, textarea, select");
  const isTyping = field && (field.closest("main") || field.value);
  const isMarking = getSelection()?.type === "Range";
  return Boolean(isTyping || isMarking || one("dialog[open], details.fold[open], form[data-sent]") || showing?.busy);
}

function stopListening() {
  drawnAt = heardOf = NaN;
  ear?.close();
  ear = null;
}

function listen() {
  if (document.hidden || ear || Number.isNaN(drawnAt)) return;
  ear = new EventSource("/events");
  // The browser comes back by itself after a broken line, but not after an answer that was no stream.
  ear.addEventListener("error", () => {
    if (ear?.readyState !== EventSource.CLOSED) return;
    ear = null;
    setTimeout(listen, 5000);
  });
  ear.addEventListener("changed", (event) => {
    heardOf = Number(event.data);
    refresh();
  });
}

/* A tab that nobody sees holds no connection: browsers allow six to one host. */
addEventListener("visibilitychange", () => {
  if (!document.hidden) return listen();
  ear?.close();
  ear = null;
});
addEventListener("pagehide", () => (ear?.close(), (ear = null)));
addEventListener("pageshow", listen);

async function refresh() {
  // What takes a while to be worked out is not worked out again at every change.
  if (refreshing || heardOf === drawnAt || !ear || one("[data-calculated]")) return;
  if (isBusy()) return void setTimeout(refresh, 1500);
  refreshing = true;
  const chosen = one("[data-triage] [data-queue-item][aria-current=true]")?.getAttribute("href");
  try {
    const answer = await fetch(chosen ?? location.href, { headers: aside });
    const page = answer.ok && !answer.redirected && new DOMParser().parseFromString(await answer.text(), "text/html");
    const moved = one("[data-triage] [data-queue-item][aria-current=true]")?.getAttribute("href") !== chosen;
    // Gone, or closed to this reader: asking again would only be refused again.
    if (!page) {
      // Away for a moment, or too much asked: the next change looks again.
      if (answer.status < 500 && answer.status !== 429) stopListening();
      else drawnAt = heardOf;
    }
    // The reader began something, or went on to another item, while we fetched: the next round looks again.
    else if (!isBusy() && !moved) takeOver(page, chosen);
  } catch {
    // Away for a moment; the stream comes back by itself and says where things are.
  } finally {
    refreshing = false;
    if (heardOf !== drawnAt && ear) setTimeout(refresh, 1500);
  }
}

function takeOver(page, chosen) {
  if (!("seq" in page.body.dataset)) return stopListening();
  drawnAt = Number(page.body.dataset.seq);
  heardOf = Math.max(heardOf, drawnAt);
  const focus = document.activeElement;
  const theirs = one("[data-triage] [data-queue-item][aria-current=true]", page)?.getAttribute("href");
  let changes = 0;
  for (const region of ["main", ".rail-nav", ".phone-bar"]) {
    const [ours, fresh] = [one(region), one(region, page)];
    if (ours && fresh) changes += morph(ours, fresh, { isGone: Boolean(chosen) && theirs !== chosen });
  }
  offerCopying();
  if (focus?.isConnected && focus !== document.activeElement) focus.focus({ preventScroll: true });
  if (changes) sayUpdated();
}

function sayUpdated() {
  const mark = one("[data-updated]");
  if (!mark) return;
  mark.hidden = false;
  clearTimeout(Number(mark.dataset.timer));
  mark.dataset.timer = String(setTimeout(() => (mark.hidden = true), 6000));
}

/** What must not change under the eyes of whoever decides on it: another text, or another item. */
function holdsStill(ours, theirs, state) {
  // What stands beside a list was put there by its reader.
  if (ours.id === "pane") return true;
  if (state.isGone && ours.matches?.(".facts")) return true;
  if (!ours.matches?.("[data-decides]")) return false;
  const seen = (root) => all("input[name=seen]", root).map((field) => field.value).join();
  if (!state.isGone && seen(ours) === seen(theirs)) return false;
  if (!one("[data-changed-note]", ours)) {
    const note = document.createElement("p");
    note.className = "notice";
    note.dataset.tone = "amber";
    note.dataset.changedNote = "";
    note.setAttribute("role", "status");
    const link = document.createElement("a");
    link.href = location.pathname;
    link.textContent = state.isGone ? ours.dataset.gone : ours.dataset.changed;
    note.append(link);
    ours.prepend(note);
    for (const bar of all(".action-bar", ours)) bar.inert = true;
  }
  return true;
}

/** Makes `ours` like `theirs` with the least change, so that focus, scroll and unfolded parts stay. Returns how much
    was changed. */
function morph(ours, theirs, state) {
  if (ours.nodeType !== theirs.nodeType || ours.nodeName !== theirs.nodeName) {
    ours.replaceWith(document.importNode(theirs, true));
    return 1;
  }
  if (ours.nodeType !== Node.ELEMENT_NODE) {
    if (ours.data === theirs.data) return 0;
    ours.data = theirs.data;
    return 1;
  }
  if (ours.isEqualNode(theirs) || holdsStill(ours, theirs, state)) return 0;
  return morphAttributes(ours, theirs) + morphChildren(ours, theirs, state);
}

/** The reader's own: what is unfolded, which row is marked, what the script offers. */
const isReaders = (element, name) =>
  name === "open" ||
  name === "data-sent" ||
  name === "data-chosen" ||
  (name === "hidden" && element.matches("[data-copies]")) ||
  (name === "aria-current" && element.matches("[data-queue-item]") && !element.closest("[data-triage]"));

function morphAttributes(ours, theirs) {
  let changes = 0;
  for (const { name, value } of [...theirs.attributes]) {
    if (isReaders(ours, name) || ours.getAttribute(name) === value) continue;
    ours.setAttribute(name, value);
    changes += 1;
  }
  for (const { name } of [...ours.attributes]) {
    if (isReaders(ours, name) || theirs.hasAttribute(name)) continue;
    ours.removeAttribute(name);
    changes += 1;
  }
  return changes;
}

/** Children are the same when they have the same id, or lead to the same place. */
const keyOf = (node) =>
  node.nodeType === Node.ELEMENT_NODE
    ? node.id || node.getAttribute("href") || one(":scope > [data-queue-item], :scope > th [data-queue-item]", node)?.getAttribute("href") || ""
    : "";

function morphChildren(ours, theirs, state) {
  let changes = 0;
  let place = ours.firstChild;
  const keyed = new Map([...ours.childNodes].map((node) => [keyOf(node), node]).filter(([key]) => key));
  for (const wanted of [...theirs.childNodes]) {
    const key = keyOf(wanted);
    let match = key ? keyed.get(key) : place;
    // Two siblings may lead to the same place: each stands for one.
    keyed.delete(key);
    if (match && !key && (keyOf(match) || match.nodeName !== wanted.nodeName)) match = null;
    if (!match) {
      ours.insertBefore(document.importNode(wanted, true), place);
      changes += 1;
      continue;
    }
    if (match === place) place = place.nextSibling;
    else {
      ours.insertBefore(match, place);
      changes += 1;
    }
    changes += morph(match, wanted, state);
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    changes += 1;
    place = next;
  }
  return changes;
}

listen();
