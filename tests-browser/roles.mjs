// What each role is shown: never a form that would be refused.

import { checkPage, watch } from "./page.mjs";

const NOT_SHOWN = {
  sales: ["/match", "/set-aside", "/credit", "/write-off", "/credit/undo", "/block", "/merge", "/playbook", "/hand-over", "/take-back"],
  finance: ["/approve", "/decline", "/pasted", "/settle", "/done", "/snooze", "/hold", "/promise", "/dispute", "/end", "/withdraw", "/objection", "/block", "/merge", "/why", "/restart", "/steps", "/hand-over", "/take-back"],
  manager: ["/match", "/set-aside", "/credit", "/write-off"],
};

export async function checkRoles(pages, people, inContext, base, report) {
  for (const role of ["sales", "finance", "manager", "auditor"]) {
    if (!people[role]) {
      report.check(`the demo has somebody in the role ${role}`, false);
      continue;
    }
    await report.attempt(`pages as ${role}`, () =>
      inContext({ user: people[role] }, async (page) => {
        const seen = watch(page, base);
        for (const [, path] of pages) {
          seen.clear();
          const answer = await page.goto(base + path);
          // A salesperson may not see a debtor that is somebody else's.
          if (answer.status() === 404) continue;
          const title = `${path} as ${role}`;
          const actions = await page
            .locator('main form[method="post"]')
            .evaluateAll((forms) => forms.map((form) => form.getAttribute("action")));
          // Everybody has an account of their own, whatever they may do elsewhere.
          const wrong = actions
            .filter((action) => !action.startsWith("/settings/me"))
            .filter((action) => (role === "auditor" ? true : NOT_SHOWN[role].some((end) => action.endsWith(end))));
          if (path !== "/ui") report.check(`${title}: no form that would be refused`, wrong.length === 0, wrong.join(" "));
          if (path === "/today") await checkPage(page, seen, "en", report, title);
        }
      }),
    );
  }
}
