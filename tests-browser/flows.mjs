// The main flows: once with the keyboard alone, once without JavaScript. The debtors that are paused here have no
// letter that waits for a yes: a pause would cancel it, and the checks of approving need it.

import { checkPage, watch } from "./page.mjs";

/** Presses Tab until what has the focus fits the selector. */
async function tabTo(page, selector, most = 90) {
  for (let step = 0; step < most; step += 1) {
    await page.keyboard.press("Tab");
    const fits = await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector);
    if (fits) return true;
  }
  return false;
}

const toastText = async (page) => {
  const toast = page.locator("[data-toast]");
  await toast.waitFor({ timeout: 8000 });
  return (await toast.innerText()).replaceAll("\n", " ");
};
const pathOf = (page) => new URL(page.url()).pathname;

export async function checkKeyboard(page, base, report) {
  await page.goto(`${base}/sign-in?lang=en`);
  report.check("keyboard: Tab reaches the owner's button", await tabTo(page, 'button[data-role="owner"]'));
  await Promise.all([page.waitForURL("**/today"), page.keyboard.press("Enter")]);
  report.check("keyboard: Enter signs in", pathOf(page) === "/today", page.url());

  await page.keyboard.press("j");
  await page.keyboard.press("k");
  // The first item that waits for a yes.
  for (let step = 0; step < 20 && (await page.locator('form[action$="/approve"]:visible').count()) === 0; step += 1) {
    await page.keyboard.press("j");
    await page.waitForTimeout(350);
  }
  await page.keyboard.press("a");
  report.check("keyboard: a approves and a toast says so", / is approved/.test(await toastText(page)));
  await page.keyboard.press("u");
  await page.waitForURL("**/today**");
  await page.locator("[data-toast]", { hasText: "awaits approval again" }).waitFor({ timeout: 8000 }).catch(() => {});
  report.check("keyboard: u takes it back", /awaits approval again/.test(await toastText(page)), await toastText(page));

  await page.keyboard.press("/");
  await page.keyboard.type("D-0010");
  await Promise.all([page.waitForURL("**/search?q=D-0010"), page.keyboard.press("Enter")]);
  const first = await page.locator("[data-hit]").first().getAttribute("href");
  report.check("keyboard: an exact number is found first", first === "/debtors/D-0010", first);
  await Promise.all([page.waitForURL("**/debtors/D-0010"), page.keyboard.press("Enter")]);
  report.check("keyboard: Enter opens it", pathOf(page) === "/debtors/D-0010");

  await page.keyboard.press("e");
  // Unfolding tells of itself in a task of its own, and the focus follows that.
  const focused = () => Boolean(document.activeElement?.closest("details.fold[open]"));
  const edited = await page.waitForFunction(focused, null, { timeout: 3000 }).then(() => true, () => false);
  report.check("keyboard: e unfolds what can be edited, and the first field has the focus", edited);
  await page.keyboard.press("Escape");
  await checkHold(page, report);
  await checkPalette(page, base, report);
  report.check("keyboard: Tab reaches signing out", await tabTo(page, 'form[action="/sign-out"] button'));
  await Promise.all([page.waitForURL("**/sign-in**"), page.keyboard.press("Enter")]);
  await page.goto(`${base}/today`);
  report.check("keyboard: signed out, the door is closed", pathOf(page) === "/sign-in", page.url());
}

async function checkHold(page, report) {
  const hold = page.locator('form[action="/debtors/D-0010/hold"]');
  await tabTo(page, 'details:has(form[action$="/hold"]) > summary');
  await page.keyboard.press("Enter");
  const day = await hold.locator("input[type=date]").getAttribute("min");
  const [year, month, date] = day.split("-");
  await page.waitForTimeout(100);
  await page.keyboard.type(`${month}${date}${year}`);
  await tabTo(page, 'input[name="reason"]', 6);
  await page.keyboard.type("at the fair");
  await page.keyboard.press("Enter");
  report.check("keyboard: a hold is set", /Paused until/.test(await toastText(page)));
  const ends = page.locator('form[action="/debtors/D-0010/hold/end"]:not([data-toast] form)');
  report.check("keyboard: the debtor is paused", (await ends.count()) > 0);
  await page.keyboard.press("u");
  await page.locator("[data-toast]", { hasText: "hold is over" }).waitFor({ timeout: 8000 }).catch(() => {});
  report.check("keyboard: u ends the hold", /hold is over/.test(await toastText(page)));
}

async function checkPalette(page, base, report) {
  const seen = watch(page, base);
  await page.goto(`${base}/today?lang=en`);
  await page.keyboard.press("Control+k");
  const field = page.locator("#palette-text");
  await field.waitFor();
  report.check("palette: the actions of the page are in it", (await page.locator("#palette-options kbd").count()) > 0);
  await checkPage(page, seen, "en", report, "palette");
  await page.keyboard.type("L-0001");
  const hit = page.locator('#palette-options [role="option"]', { hasText: "L-0001" }).first();
  await hit.waitFor({ timeout: 5000 });
  await page.waitForTimeout(200);
  const chosen = page.locator('#palette-options [aria-selected="true"]');
  report.check("palette: an exact number is on top", /L-0001/.test(await chosen.innerText()), await chosen.innerText());
  await page.keyboard.press("ArrowDown");
  const moved = await page.locator("#palette-option-1").getAttribute("aria-selected");
  const active = await field.getAttribute("aria-activedescendant");
  report.check("palette: arrows move the choice", moved === "true" && active === "palette-option-1", `${moved} ${active}`);
  await page.keyboard.press("Escape");
  report.check("palette: Escape closes it", !(await page.locator("#palette").isVisible()));
  await page.keyboard.press("Control+k");
  await page.keyboard.type("money");
  await Promise.all([page.waitForURL("**/money"), page.keyboard.press("Enter")]);
  report.check("palette: Enter follows", pathOf(page) === "/money");
}

export async function checkWithoutScript(page, base, report) {
  await page.goto(`${base}/today?lang=en`);
  report.check("no script: the door asks who one is", pathOf(page) === "/sign-in", page.url());
  await page.locator('button[data-role="owner"]').click();
  report.check("no script: signing in leads to Today", pathOf(page) === "/today", page.url());
  for (const link of await page.locator("[data-queue-item]").evaluateAll((all) => all.map((a) => a.getAttribute("href")))) {
    if ((await page.locator('form[action$="/approve"]:visible').count()) > 0) break;
    await page.goto(base + link);
  }
  await page.locator('form[action$="/approve"] button').first().click();
  report.check("no script: approved, and said so", / is approved/.test(await toastText(page)));
  await page.locator("[data-toast] button").click();
  report.check("no script: the toast takes it back", /awaits approval again/.test(await toastText(page)));

  await page.locator("#search").fill("D-0011");
  await page.locator("#search").press("Enter");
  report.check("no script: the search is a page", pathOf(page) === "/search", page.url());
  await page.locator("[data-hit]").first().click();
  report.check("no script: a hit leads to its page", pathOf(page) === "/debtors/D-0011", page.url());
  await page.locator('details:has(form[action$="/hold"]) > summary').click();
  const hold = page.locator('form[action="/debtors/D-0011/hold"]');
  const day = hold.locator("input[type=date]");
  await day.fill(await day.getAttribute("min"));
  await hold.locator('input[name="reason"]').fill("at the fair");
  await hold.locator("button").click();
  report.check("no script: a hold is set", /Paused until/.test(await toastText(page)));
  await page.locator("[data-toast] button").click();
  report.check("no script: and ended", /hold is over/.test(await toastText(page)));
  await page.goto(`${base}/debtors?lang=en`);
  report.check("no script: no empty pane stands beside the list", !(await page.locator("#pane").isVisible()));
  const row = page.locator("[data-split] [data-queue-item]").first();
  const leads = await row.getAttribute("href");
  await row.click();
  report.check("no script: a row of the list leads to its page", pathOf(page) === leads, `${page.url()} for ${leads}`);
  await page.locator('form[action="/sign-out"] button').click();
  report.check("no script: signing out", pathOf(page) === "/sign-in", page.url());
}

/** What somebody else does appears on a page that is open, without a reload; not under somebody who types. */
export async function checkLive(page, other, base, report) {
  await page.goto(`${base}/debtors/D-0012?lang=en`);
  await page.waitForTimeout(500);
  await page.evaluate(() => (globalThis.isSamePage = true));
  await page.keyboard.press("End");
  await page.waitForTimeout(400);
  const top = await page.evaluate(() => scrollY);
  const day = await page.locator('form[action$="/hold"] input[type=date]').getAttribute("min");
  await other.request.post(`${base}/debtors/D-0012/hold`, {
    form: { until: day, reason: "seen from afar", next: "/debtors/D-0012" },
  });
  const pause = page.locator(".pause-text", { hasText: "seen from afar" });
  const came = await pause.waitFor({ timeout: 9000, state: "attached" }).then(() => true, () => false);
  report.check("live: another person's hold appears by itself", came);
  const [same, stays] = await page.evaluate((was) => [globalThis.isSamePage === true, Math.abs(scrollY - was) < 200], top);
  report.check("live: without a reload, and without a jump", same && stays, `${same} ${stays}`);
  report.check("live: a quiet mark says so", await page.locator("[data-updated]").isVisible());

  await page.locator('details:has(form[action$="/hold"]) > summary').click();
  await page.locator('form[action$="/hold"] input[name="reason"]').fill("half a sen");
  await other.request.post(`${base}/debtors/D-0012/hold/end`, { form: { next: "/debtors/D-0012" } });
  await page.waitForTimeout(4500);
  const typed = await page.locator('form[action$="/hold"] input[name="reason"]').inputValue();
  report.check("live: nothing moves under somebody who types", typed === "half a sen" && (await pause.count()) > 0, typed);
  await page.keyboard.press("Escape");
  const gone = await page
    .locator('form[action="/debtors/D-0012/hold/end"]')
    .waitFor({ timeout: 9000, state: "detached" })
    .then(() => true, () => false);
  report.check("live: it comes once they are done", gone);
}
