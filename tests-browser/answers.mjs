// Pages that stand at no address of a list: what a form is answered with, what is not there, what one may not see, and
// the door that an invitation opens.

import { checkPage, watch } from "./page.mjs";

const STEPS = ["company", "mail", "import", "playbooks", "safe", "letter"];
const ORDERS = "订单号,客户名称,国家,币种,合同金额,付款方式,下单日期,定金金额\nBT-1,Nobody Ltd,英国,USD,待定,OA 30 days,2026-04-01,5\nBT-2,Nobody Ltd,英国,USD,待定,OA 30 days,03/09/2026,5\n";

export async function checkAnswers(page, base, report, language) {
  const seen = watch(page, base);
  const look = async (what, expectsTrouble = false) => {
    // The browser itself tells the console about an answer that is an error.
    if (expectsTrouble) seen.errors.length = 0;
    await checkPage(page, seen, language, report, `${what} ${language}`);
    seen.clear();
  };
  const press = (form) => page.locator(`form[action='${form}'] button`).first().click();
  await page.goto(`${base}/today?lang=${language}`);
  for (const step of STEPS) {
    await page.goto(`${base}/welcome?step=${step}`);
    await look(`/welcome?step=${step}`);
  }
  for (const path of ["/settings/rehearsals", "/settings/data?doctor=yes", "/settings/log?check=yes", "/playbooks", "/simulation", "/backtest"]) {
    await page.goto(base + path);
    await look(path);
  }
  await page.goto(`${base}/no-such-page`);
  await look("a page that is not there", true);

  await page.goto(`${base}/settings/me`);
  await press("/settings/me/factor");
  await page.waitForSelector(".once");
  await look("a second factor to try");

  await page.goto(`${base}/import`);
  await page.setInputFiles("#file", { name: "orders.csv", mimeType: "text/csv", buffer: Buffer.from(ORDERS) });
  await page.locator("form[data-drop] button").click();
  await page.waitForSelector(".columns-table");
  // Long enough for a live refresh, which must leave an answer alone.
  await page.waitForTimeout(2500);
  report.check(`the preview of a file stays ${language}`, (await page.locator(".columns-table").count()) === 1);
  await look("the preview of a file");
  const unread = page.locator("td bdi", { hasText: "03/09/2026" });
  report.check(`a date of two readings is named ${language}`, (await unread.count()) === 1);
  await page.selectOption("#date-order", "dmy");
  await page.locator("form[action='/import/preview'] button:not([formaction])").first().click();
  await page.locator("#date-order option[value=dmy][selected]").waitFor({ state: "attached" });
  report.check(`and read once somebody says which comes first ${language}`, (await unread.count()) === 0);
  await look("the preview of a file with its dates");
  await page.locator("button[formaction='/import/take']").click();
  await page.waitForURL(/\/jobs\//);
  await look("a work under way or done");

  await page.goto(`${base}/debtors`);
  await page.goto(base + (await page.locator("a[data-queue-item]").first().getAttribute("href")));
  await page.locator("details:has(form[action$='/promise']) > summary").click();
  const promise = page.locator("form[action$='/promise']");
  await promise.locator("input[name=amount]").fill("二万");
  const day = promise.locator("input[type=date]");
  await day.fill(await day.getAttribute("min"));
  await promise.locator("button").click();
  await page.waitForSelector("#form-refused");
  const typed = await promise.locator("input[name=amount]").inputValue();
  const focused = await page.evaluate(() => document.activeElement?.getAttribute("name"));
  const unfolded = await promise.isVisible();
  report.check(`a refused form keeps what was typed ${language}`, typed === "二万" && unfolded, `${typed} ${unfolded}`);
  report.check(`and the focus is in the field it is about ${language}`, focused === "amount", focused);
  await look("a refused form");

  await page.goto(`${base}/settings/people`);
  await page.fill("form[action='/settings/people/invite'] input[name=name]", "Wu Fan");
  await page.fill("form[action='/settings/people/invite'] input[name=email]", `wu.${language}@invited.example`);
  await press("/settings/people/invite");
  await page.waitForSelector(".once-secret");
  await look("the link of an invitation");
  return page.locator(".once-secret").innerText();
}

/** The door that the link opens, for somebody who has never been here. */
export async function checkJoin(page, base, report, language, link) {
  const seen = watch(page, base);
  await page.goto(`${base}${new URL(link).pathname}?lang=${language}`);
  await checkPage(page, seen, language, report, `/join ${language}`);
}

/** What somebody is told who may not come in. */
export async function checkForbidden(page, base, report, language) {
  const seen = watch(page, base);
  await page.goto(`${base}/today?lang=${language}`);
  await page.goto(`${base}/settings/company`);
  seen.errors.length = 0;
  await checkPage(page, seen, language, report, `a page that is not for salespeople ${language}`);
}
