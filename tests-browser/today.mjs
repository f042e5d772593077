// The list on /today: worked by keys, and approved from, with JavaScript and without.

const ITEM = "[data-queue-item]";
const SELECTED = `${ITEM}[aria-current="true"], ${ITEM}:has([aria-current="true"])`;
const APPROVE = 'form[action*="/approve"]';

export async function checkKeys(page, base, report) {
  await page.goto(`${base}/today?lang=en`);
  const items = await page.locator(ITEM).count();
  report.check("/today has at least two items to move between", items >= 2, `${items} items`);
  const start = await selectedIndex(page);
  await page.keyboard.press("j");
  const next = await until(page, async () => {
    const index = await selectedIndex(page);
    return index === start ? undefined : index;
  });
  report.check("j moves the selection down", next === start + 1, `from item ${start} to ${next}`);
  await page.keyboard.press("j");
  await until(page, async () => ((await selectedIndex(page)) === start + 2 ? true : undefined));
  await page.keyboard.press("k");
  const back = await until(page, async () => ((await selectedIndex(page)) === start + 1 ? start + 1 : undefined));
  report.check("k moves it up again", back === start + 1, `item ${await selectedIndex(page)}`);

  await page.keyboard.press("?");
  const help = page.locator("dialog#keys");
  const opened = await until(page, async () => ((await help.isVisible()) ? true : undefined));
  report.check("? shows the keys", opened === true);
  await page.keyboard.press("Escape");
  const closed = await until(page, async () => ((await help.isVisible()) ? undefined : true));
  report.check("Escape closes them", closed === true);

  const before = await appearance(page);
  await page.keyboard.press("Enter");
  const after = await until(page, async () => {
    const now = await appearance(page).catch(() => undefined);
    return now === undefined || now === before ? undefined : now;
  });
  report.check("Enter opens the selected item", after !== undefined, "neither the address nor the page changed");
}

export async function checkApproval(page, base, report, how) {
  await page.goto(`${base}/today?lang=en`);
  const form = await firstApproval(page, base);
  if (!form) {
    report.check(`an item can be approved ${how}`, false, `no ${APPROVE} on /today or on the pages of its items`);
    return;
  }
  const action = await form.getAttribute("action");
  const item = await itemOf(page, form);
  const answers = [];
  page.on("response", (response) => answers.push(response));
  await form.locator('button:not([type="button"]), input[type="submit"]').first().click();
  await until(page, async () => (answers.some((answer) => answer.request().method() === "POST") ? true : undefined));
  await page.waitForLoadState().catch(() => undefined);
  const post = answers.find((answer) => answer.request().method() === "POST");
  report.check(`approving ${how} is accepted`, post !== undefined && post.status() < 400, post ? `${post.status()} ${post.url()}` : "nothing was sent");

  await page.goto(`${base}/today`);
  const left = await page.locator(`form[action="${action}"]`).count();
  report.check(`approved ${how}, it cannot be approved again`, left === 0);
  if (item) {
    const same = await page.locator(`[data-queue-item="${item}"]`).count();
    report.check(`approved ${how}, it is gone from the list`, same === 0, `item ${item}`);
  }
  // Taken back, so that whoever comes next finds one to approve.
  const back = action.replace(/\/approve.*$/, "/unapprove");
  const answer = await page.request.post(base + back, { form: { next: "/today" }, headers: { origin: base } });
  report.check(`approved ${how}, it can be taken back`, answer.status() < 400, `${answer.status()} ${back}`);
}

/** The first approval on offer: on the list itself, or on the page of one of its first items. */
async function firstApproval(page, base) {
  const usable = async () => {
    for (const form of await page.locator(APPROVE).all()) {
      if (await form.isVisible()) return form;
    }
    return undefined;
  };
  const here = await usable();
  if (here) return here;
  const links = await page
    .locator(`${ITEM} a[href^="/"], a${ITEM}[href^="/"]`)
    .evaluateAll((all) => [...new Set(all.map((link) => link.getAttribute("href")))].slice(0, 15));
  for (const link of links) {
    await page.goto(base + link);
    const form = await usable();
    if (form) return form;
  }
  return undefined;
}

/** The name of the item a form belongs to: the one around it, else the selected one. */
async function itemOf(page, form) {
  const around = form.locator("xpath=ancestor-or-self::*[@data-queue-item]");
  if ((await around.count()) > 0) return around.first().getAttribute("data-queue-item");
  const selected = page.locator(SELECTED);
  return (await selected.count()) > 0 ? selected.first().getAttribute("data-queue-item") : null;
}

async function selectedIndex(page) {
  return page.locator(ITEM).evaluateAll((items) =>
    items.findIndex(
      (item) => item.getAttribute("aria-current") === "true" || item.querySelector('[aria-current="true"]') !== null,
    ),
  );
}

async function appearance(page) {
  return page.evaluate(() => location.href + (document.querySelector("main") ?? document.body).innerText);
}

/** Asks until there is an answer, for three seconds. */
async function until(page, question) {
  for (let round = 0; round < 30; round += 1) {
    const answer = await question();
    if (answer !== undefined) return answer;
    await page.waitForTimeout(100);
  }
  return undefined;
}
