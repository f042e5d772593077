// What must hold on every page, whatever it shows.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Collects what a page complains about and whom it asks, until `clear`. */
export function watch(page, base) {
  const origin = new URL(base).origin;
  const seen = {
    errors: [],
    strangers: [],
    clear() {
      this.errors.length = 0;
      this.strangers.length = 0;
    },
  };
  page.on("console", (message) => {
    if (message.type() === "error") seen.errors.push(`${message.text()} ${message.location().url}`);
  });
  page.on("pageerror", (error) => seen.errors.push(error.message));
  page.on("request", (request) => {
    const url = new URL(request.url());
    const own = url.origin === origin || ["data:", "blob:", "about:"].includes(url.protocol);
    if (!own) seen.strangers.push(request.url());
  });
  return seen;
}

export async function checkPage(page, seen, language, report, title) {
  const state = await page.evaluate(() => {
    const root = document.scrollingElement;
    const wide = [...document.body.querySelectorAll("*")]
      .filter((element) => element.getBoundingClientRect().right > root.clientWidth + 1)
      .slice(0, 3)
      .map((element) => `${element.tagName.toLowerCase()}.${element.className}`);
    return {
      inline: [...document.querySelectorAll("[style], style, script:not([src])")]
        .concat([...document.querySelectorAll("*")].filter((e) => [...e.attributes].some((a) => a.name.startsWith("on"))))
        .slice(0, 3)
        .map((element) => element.outerHTML.slice(0, 80)),
      language: document.documentElement.lang,
      headings: document.querySelectorAll("h1").length,
      overflow: root.scrollWidth - root.clientWidth,
      wide,
    };
  });
  report.check(`${title}: the page's language is ${language}`, state.language === language, state.language || "none");
  report.check(`${title}: it has a heading`, state.headings > 0);
  report.check(
    `${title}: nothing sticks out sideways`,
    state.overflow <= 0,
    `${state.overflow} px, among them ${state.wide.join(", ")}`,
  );
  report.check(`${title}: no inline style or script`, state.inline.length === 0, state.inline.join(" "));
  const broken = await brokenAccess(page);
  report.check(`${title}: no serious barrier (axe)`, broken.length === 0, broken.join("; "));
  report.check(`${title}: asks no other host`, seen.strangers.length === 0, seen.strangers.join(" "));
  report.check(`${title}: no errors in the console`, seen.errors.length === 0, seen.errors.join("; "));
}

/** Serious and critical findings of axe: rule, count and the first place. */
async function brokenAccess(page) {
  // Through the debugger, not as a script of the page: the page's own policy may refuse inline scripts.
  await page.evaluate(axeSource);
  const violations = await page.evaluate(() => globalThis.axe.run(document).then((result) => result.violations));
  return violations
    .filter((violation) => ["serious", "critical"].includes(violation.impact))
    .map((violation) => {
      const node = violation.nodes[0];
      const why = (node?.failureSummary ?? "").split("\n").slice(1, 2).join("").trim();
      return `${violation.id} × ${violation.nodes.length}, first ${node?.target.join(" ")} (${why})`;
    });
}

/** A dark page is dark and a light one light, by the colour behind its text. */
export async function checkTheme(page, theme, report, title) {
  const brightness = await page.evaluate(() => {
    const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
    for (const element of [document.body, document.documentElement]) {
      canvas.clearRect(0, 0, 1, 1);
      canvas.fillStyle = getComputedStyle(element).backgroundColor;
      canvas.fillRect(0, 0, 1, 1);
      const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
      if (alpha > 0) return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255;
    }
    return 1;
  });
  const holds = theme === "dark" ? brightness < 0.3 : brightness > 0.7;
  report.check(`${title}: the theme is ${theme}`, holds, `brightness ${brightness.toFixed(2)} of 1`);
}
