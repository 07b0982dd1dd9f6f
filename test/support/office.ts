import { atConsole } from "./console.ts";
import { loggedIn } from "./logins.ts";
import { anAccount, aPerson, slugOf } from "./registered.ts";
import { bearer } from "./requests.ts";

export type Office = Awaited<ReturnType<typeof anOffice>>;

/** An account of its own with an administrator, at the console. */
export async function anOffice() {
	const account = await anAccount();
	const admin = await aPerson({ [account]: "admin" });
	const slug = slugOf(account);
	const base = `/console/${slug}/settings`;
	return { account, admin, visitor: await atConsole(admin), slug, base, people: `${base}/people` };
}

/** Of somebody who belongs to this account. */
export async function tokenIn(
	slug: string,
	{ username, password }: { readonly username: string; readonly password: string },
): Promise<{ authorization: string }> {
	return bearer(await loggedIn({ username, password, account: slug }));
}
