import type { Plan } from "./plan.ts";

/** Whether the account was made. The form is there until one is. */
export async function setUp(issuer: string, plan: Plan): Promise<boolean> {
	const page = await fetch(`${issuer}/setup`);
	await page.body?.cancel();
	if (page.status === 404) return false;
	if (!page.ok) throw new Error(`${issuer}/setup answered ${page.status}`);
	const secret = process.env.SETUP_SECRET;
	if (secret === undefined) throw new Error("This deployment has no account yet: SETUP_SECRET has to be set");
	const { account, person } = plan;
	const { name, username, password } = person;
	const fields = { secret, account: account.name, slug: account.slug, name, username, password };
	const answer = await fetch(`${issuer}/setup`, { method: "POST", body: new URLSearchParams(fields) });
	if (answer.ok) return true;
	const text = await answer.text();
	// The form says what is wrong with it; anything else speaks for itself.
	const said = [...text.matchAll(/<li><a href="#[^"]*">([^<]*)/g)].map((match) => match[1]);
	throw new Error(`The account could not be made (${answer.status}): ${said.join(" ") || text}`);
}
