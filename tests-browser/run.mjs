// The browser test: the demo company's pages in a real Chromium, at desk and phone width, light and dark, in
// both languages, with and without JavaScript. Reads BASE_URL (a running `dunlin demo`), OUT (a folder for
// pictures), SET_UP_URL (the set-up of a program where nobody works yet) and CHROMIUM (the program); prints one line per check and ends with
// `browser: N passed, M failed`. `cargo xtask test --only browser` sets all of it up.
//
// What the pages promise to this test:
//   [data-queue-item]                      an item of the list on /today; the value names it
//   [aria-current="true"]                  on the selected one
//   form[action*="/approve"]               sends the approval, with a submit button, without JavaScript too
//   dialog#keys                            the help that `?` opens and Escape closes
//   a[href^="/debtors/"], a[href^="/receivables/"], a[href^="/letters/"]    links between the pages
//   ?lang=en|zh-CN, ?theme=light|dark      remembered in a cookie; `lang` on <html> follows
//   button[data-role]                      on /sign-in: comes in as somebody of the demo
//   [data-hit], dialog#palette, [data-toast], [data-updated]    what was found, commands, what was done, live refresh
//   one <h1> per page at least, `/` leads to /today

import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { Report } from "./report.mjs";
import { checkAnswers, checkForbidden, checkJoin } from "./answers.mjs";
import { checkPage, checkTheme, watch } from "./page.mjs";
import { checkKeyboard, checkLive, checkWithoutScript } from "./flows.mjs";
import { enter, peopleOf } from "./people.mjs";
import { checkRoles } from "./roles.mjs";
import { checkApproval, checkKeys } from "./today.mjs";

const base = (process.env.BASE_URL ?? "").replace(/\/$/, "");
const out = process.env.OUT ?? "pictures";
if (!base) {
  console.error("BASE_URL is not set; run `cargo xtask test --only browser`");
  process.exit(2);
}
mkdirSync(out, { recursive: true });

const WIDTHS = [1280, 390];
const THEMES = ["light", "dark"];
const LANGUAGES = ["en", "zh-CN"];
const SETTINGS = ["company", "me", "people", "bank", "channels", "safe-mode", "suppressions", "data", "log"];
/** What has a page of its own that others link to. `SURE` are there for sure; the rest where the demo has one. */
const LINKED = {
  debtors: /^\/debtors\/[^/?#]+$/,
  receivables: /^\/receivables\/[^/?#]+$/,
  letters: /^\/letters\/[^/?#]+$/,
  talk: /^\/debtors\/[^/?#]+\/talks\/[^/?#]+$/,
  ask: /^\/payments\/[^/?#]+\/ask$/,
  discrepancy: /^\/receivables\/[^/?#]+\/discrepancy$/,
  repair: /^\/letters\/[^/?#]+\/repair$/,
  job: /^\/jobs\/[^/?#]+$/,
  restore: /^\/settings\/data\/restore\?file=[^#]+$/,
  orders: /^\/orders\/[^/?#]+$/,
  "stock-out": /^\/orders\/[^/?#]+\/stock-out$/,
  products: /^\/products\/[^/?#]+$/,
};
const SURE = ["debtors", "receivables", "letters", "talk", "orders", "stock-out", "products"];
/** What is opened to find what it links to. */
const OPENED = ["debtors", "receivables", "letters", "orders"];
/** So many pages of a kind are opened to find what they link to. */
const MOST_OPENED = 15;

/** Whoever signs in unless something else is said. */
let owner = null;

const report = new Report();
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});

try {
  const people = (await report.attempt("finding who may be tried on", findPeople)) ?? {};
  owner = people.owner;
  const pages = await report.attempt("finding a debtor, a receivable and a letter by following links", discover);
  for (const width of WIDTHS) {
    for (const theme of THEMES) {
      for (const language of LANGUAGES) {
        await report.attempt(`pages at ${width} px, ${theme}, ${language}`, () =>
          checkAll(pages ?? [["today", "/today"], ["debtors", "/debtors"]], width, theme, language),
        );
      }
    }
  }
  await report.attempt("roles", () => checkRoles(pages ?? [["today", "/today"]], people, inContext, base, report));
  for (const language of LANGUAGES) {
    await report.attempt(`answers of forms, ${language}`, async () => {
      const link = await inContext({}, (page) => checkAnswers(page, base, report, language));
      await inContext({ user: null }, (page) => checkJoin(page, base, report, language, link));
      await inContext({ user: people.sales }, (page) => checkForbidden(page, base, report, language));
    });
  }
  await report.attempt("keyboard alone", () => inContext({ user: null }, (page) => checkKeyboard(page, base, report)));
  await report.attempt("without JavaScript", () =>
    inContext({ user: null, javaScriptEnabled: false }, (page) => checkWithoutScript(page, base, report)),
  );
  await report.attempt("live refresh", () =>
    inContext({}, (page) =>
      inContext({ user: people.manager ?? owner }, (other) => checkLive(page, other.context(), base, report)),
    ),
  );
  await report.attempt("keys on /today", () => inContext({}, (page) => checkKeys(page, base, report)));
  await report.attempt("approving with JavaScript", () =>
    inContext({}, (page) => checkApproval(page, base, report, "with JavaScript")),
  );
  await report.attempt("approving without JavaScript", () =>
    inContext({ javaScriptEnabled: false }, (page) => checkApproval(page, base, report, "without JavaScript")),
  );
} finally {
  await browser.close();
}
report.finish();

/** A fresh profile: no cookie of an earlier check is left. `user` null: nobody is signed in. */
async function inContext({ user = owner, ...options }, work) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", ...options });
  context.setDefaultTimeout(20_000);
  try {
    if (user) await enter(context, base, user);
    return await work(await context.newPage());
  } finally {
    await context.close();
  }
}

/** The people of the demo; and the door itself, in every look it has. */
async function findPeople() {
  for (const width of WIDTHS) {
    for (const theme of THEMES) {
      for (const language of LANGUAGES) {
        const title = `/sign-in ${width} ${theme} ${language}`;
        const options = { user: null, viewport: { width, height: width < 600 ? 844 : 800 }, colorScheme: "light" };
        await report.attempt(title, () =>
          inContext(options, async (page) => {
            const seen = watch(page, base);
            await page.goto(`${base}/sign-in?lang=${language}&theme=${theme}`);
            await checkTheme(page, theme, report, title);
            await checkPage(page, seen, language, report, title);
            await page.screenshot({ path: `${out}/sign-in-${width}-${theme}-${language}.png`, fullPage: true });
          }),
        );
      }
    }
  }
  await lookAtSetUp();
  return inContext({ user: null }, async (page) => {
    await page.goto(`${base}/letters`);
    report.check("nobody comes in without signing in", new URL(page.url()).pathname === "/sign-in", page.url());
    return peopleOf(page, base);
  });
}

/** The page on which the first owner sets up a firm. */
async function lookAtSetUp() {
  const address = process.env.SET_UP_URL;
  if (!address) return;
  for (const width of WIDTHS) {
    for (const language of LANGUAGES) {
      const title = `/set-up ${width} ${language}`;
      const options = { user: null, viewport: { width, height: width < 600 ? 844 : 800 } };
      await report.attempt(title, () =>
        inContext(options, async (page) => {
          const seen = watch(page, new URL(address).origin);
          await page.goto(`${address}&lang=${language}`);
          await checkPage(page, seen, language, report, title);
          await page.screenshot({ path: `${out}/set-up-${width}-${language}.png`, fullPage: true });
        }),
      );
    }
  }
}

/** Posts a form that begins a job, and waits for its end. */
async function ended(page, path, form) {
  const job = (await page.request.post(`${base}${path}`, { form })).url();
  for (let turn = 0; turn < 120; turn += 1) {
    const text = await (await page.request.get(job)).text();
    if (!text.includes("data-refresh")) return text;
    await page.waitForTimeout(250);
  }
  report.check(`the job of ${path} ends`, false, job);
  return "";
}

/** A backup that lies on the server and was read to its end: its page shows all there is to show. */
async function makeBackup(page) {
  const made = await ended(page, "/settings/data/keep", {});
  const file = /restore\?file=([\w.-]+)/.exec(made)?.[1];
  report.check("a backup is made as a job", file !== undefined, made.slice(0, 200));
  if (file) await ended(page, "/settings/data/look", { file });
}

/** Name and path of every page to look at. */
async function discover() {
  return inContext({}, async (page) => {
    await page.goto(`${base}/`);
    report.check("/ leads to /today", new URL(page.url()).pathname === "/today", page.url());
    const found = Object.fromEntries(Object.keys(LINKED).map((kind) => [kind, null]));
    const opened = Object.fromEntries(Object.keys(LINKED).map((kind) => [kind, new Set()]));
    let hasTalk = false;
    const queue = ["/today", "/debtors", "/board?state=ready"];
    const late = ["/money", "/letters", "/import", "/settings/data"];
    const seen = new Set();
    // Today and the list first, then what they lead to: a letter may only be linked from its receivable.
    while (Object.values(found).includes(null)) {
      const path = queue.shift() ?? late.shift();
      if (!path) break;
      if (seen.has(path)) continue;
      seen.add(path);
      // A talk and a backup are nowhere in the demo before somebody makes one.
      if (path === "/settings/data") await makeBackup(page);
      if (found.debtors && !hasTalk) {
        const multipart = { where: "wechat", text: "See you at the fair." };
        await page.request.post(`${base}${found.debtors}/talks`, { multipart });
        hasTalk = true;
      }
      await page.goto(base + path);
      const links = await page.locator("a[href]").evaluateAll((all) => all.map((link) => link.getAttribute("href")));
      for (const link of links) {
        const kind = Object.keys(LINKED).find((kind) => LINKED[kind].test(link ?? ""));
        if (!kind) continue;
        found[kind] ??= link;
        if (!OPENED.includes(kind) || opened[kind].size >= MOST_OPENED) continue;
        opened[kind].add(link);
        queue.push(link);
      }
    }
    for (const [kind, path] of Object.entries(found)) {
      if (SURE.includes(kind)) report.check(`a link to a page of ${kind} is found`, path !== null);
      else if (!path) console.log(`not in the demo: ${kind}`);
    }
    const pages = [
      ["today", "/today"],
      ["debtors", "/debtors"],
      ["orders", "/orders"],
      ["board", "/board"],
      ["board-ready", "/board?state=ready"],
      ["platform-debts", "/platform-debts"],
      ["board-empty", "/board?q=nothing-of-this-name"],
      ["parcels", "/parcels"],
      ["products", "/products"],
      ["money", "/money"],
      ["letters", "/letters"],
      ["simulation", "/simulation"],
      ["backtest", "/backtest"],
      ["search", "/search?q=2026"],
      ["ui", "/ui"],
      ["playbooks", "/playbooks"],
      ["playbook", "/playbooks/b5_open_account"],
      ["playbook-edit", "/playbooks/b5_open_account/edit"],
      ["playbook-letter", "/playbooks/b5_open_account/letters/b5_first_reminder"],
      ["import", "/import"],
      ["welcome", "/welcome"],
      ["restoring", "/restoring"],
      ...SETTINGS.map((room) => [`settings-${room}`, `/settings/${room}`]),
    ];
    if (found.receivables) pages.push(["plan", `${found.receivables}/plan`]);
    if (found["stock-out"]) pages.push(["stock-out-chosen", `${found["stock-out"]}?line=0`]);
    for (const [kind, path] of Object.entries(found)) {
      if (path) pages.push([kind.replace(/s$/, ""), path]);
    }
    return pages;
  });
}

async function checkAll(pages, width, theme, language) {
  // The system's preference says light throughout, so that dark shows the choice is remembered.
  const options = { viewport: { width, height: width < 600 ? 844 : 800 }, colorScheme: "light" };
  await inContext(options, async (page) => {
    const seen = watch(page, base);
    await page.goto(`${base}/today?lang=${language}&theme=${theme}`);
    await checkTheme(page, theme, report, `${width} ${theme} ${language}`);
    for (const [name, path] of pages) {
      const title = `${path} ${width} ${theme} ${language}`;
      await report.attempt(title, async () => {
        seen.clear();
        await page.goto(base + path);
        await checkPage(page, seen, language, report, title);
        if (name === "board" && width >= 1280) {
          const wide = (all) => all.filter((one) => one.scrollWidth > one.clientWidth + 1).length;
          const cut = await page.locator(".board > .table-wrap, nav.tabs").evaluateAll(wide);
          report.check(`${title}: no column and no tab is cut off`, cut === 0);
        }
        await page.screenshot({ path: `${out}/${name}-${width}-${theme}-${language}.png`, fullPage: true });
      });
    }
  });
}
