// The people of the demo, and contexts in which one of them is signed in.

/** Role → value of the button that signs them in. */
export async function peopleOf(page, base) {
  await page.goto(`${base}/sign-in?lang=en`);
  const people = await page
    .locator("button[data-role]")
    .evaluateAll((all) => all.map((button) => [button.dataset.role, button.value]));
  return Object.fromEntries(people.reverse());
}

/** Signs in as the page's form does; the cookie stays in the context. */
export async function enter(context, base, user) {
  const answer = await context.request.post(`${base}/sign-in/demo`, { form: { user, next: "/ui" }, maxRedirects: 0 });
  if (answer.status() !== 303) throw new Error(`signing in: ${answer.status()} ${await answer.text()}`);
}
