/* The text of a playbook: checked while somebody writes. Without this module a button does it. */

const playbookForm = one("#playbook-form");
if (playbookForm) {
  const text = one("#playbook-text");
  let asksLater = 0;
  let asking = null;

  const check = async () => {
    asking?.abort();
    asking = new AbortController();
    try {
      const answer = await fetch(playbookForm.dataset.checks, {
        method: "POST",
        headers: aside,
        body: new URLSearchParams(new FormData(playbookForm)),
        signal: asking.signal,
      });
      if (!answer.ok || answer.redirected) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = one("#playbook-checked", page);
      if (fresh) one("#playbook-checked").replaceWith(fresh);
    } catch {
      // Away for a moment: the next letter that is typed asks again.
    }
  };

  text.addEventListener("input", () => {
    clearTimeout(asksLater);
    asksLater = setTimeout(check, 600);
  });

  /* A problem leads to its place. */
  addEventListener("click", (event) => {
    const place = event.target.closest?.("#playbook-checked [data-line]");
    if (!place) return;
    event.preventDefault();
    const lines = text.value.split("\n");
    const before = lines.slice(0, Number(place.dataset.line) - 1).reduce((sum, line) => sum + line.length + 1, 0);
    // Columns count characters, the field counts the halves of some of them.
    const line = [...(lines[Number(place.dataset.line) - 1] ?? "")];
    const at = before + line.slice(0, Number(place.dataset.column) - 1).join("").length;
    text.focus();
    text.setSelectionRange(at, before + line.join("").length);
    text.scrollTop = (Number(place.dataset.line) - 4) * parseFloat(getComputedStyle(text).lineHeight);
  });
}
