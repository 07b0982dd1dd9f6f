import { type Call, listAll, type Members } from "./call.ts";
import { differences, type State } from "./differences.ts";
import type { Plan } from "./plan.ts";

export interface MadeAccount {
	readonly slug: string;
	readonly state: State;
}

/** The accounts beyond the first, which the plan's person runs as its operator and administers. */
export async function* makeAccounts(wanted: Plan["accounts"], call: Call, token: string): AsyncGenerator<MadeAccount> {
	if (wanted.length === 0) return;
	const known = await listAll(call, "/v1/accounts", "accounts", token);
	for (const account of wanted) {
		const { slug } = account;
		const there = known.find((each) => each.slug === slug);
		if (!there) await call("POST", "/v1/accounts", account, token);
		yield { slug, state: there ? standing(account, there) : "made" };
	}
}

export interface MadeInvitation {
	readonly account: string;
	readonly note: string;
	readonly state: State;
	/** Where it was made just now: whoever opens it first joins. */
	readonly link?: string;
}

/** An invitation is known by its note. One that ended without being accepted is made again. */
export async function* inviteAll(
	wanted: Plan["invitations"],
	call: Call,
	tokenOf: (slug: string) => Promise<string>,
): AsyncGenerator<MadeInvitation> {
	for (const { account, ...invitation } of wanted) {
		const token = await tokenOf(account);
		const { note } = invitation;
		const known = await listAll(call, "/v1/invitations", "invitations", token);
		const there = known.find((each) => each.note === note && (each.state === "open" || each.state === "accepted"));
		if (there) {
			yield { account, note, state: standing(invitation, there) };
			continue;
		}
		const { url } = await call("POST", "/v1/invitations", invitation, token);
		yield { account, note, state: "made", link: String(url) };
	}
}

function standing(wanted: Members, there: Members): State {
	return differences(wanted, there).length === 0 ? "there" : "differs";
}
