import { type Call, listAll, type Members } from "./call.ts";
import { differences, type State } from "./differences.ts";
import type { Plan } from "./plan.ts";

export interface MadeAccount {
	readonly slug: string;
	readonly state: State;
}

/**
 * The accounts beyond the first, which the plan's person runs as its operator, and administers where they are made now: each is named
 * as the plan has it, and suspended or reinstated where it says so.
 */
export async function* makeAccounts(wanted: Plan["accounts"], call: Call, token: string): AsyncGenerator<MadeAccount> {
	if (wanted.length === 0) return;
	const known = await listAll(call, "/v1/accounts", "accounts", token);
	for (const { state, ...account } of wanted) {
		const { slug, name } = account;
		const there = known.find((each) => each.slug === slug);
		const now = there ?? (await call("POST", "/v1/accounts", account, token));
		const place = `/v1/accounts/${slug}`;
		const isRenamed = now.name !== name;
		if (isRenamed) await call("PATCH", place, { name }, token);
		const isSwitched = state !== undefined && now.state !== state;
		if (isSwitched) await call("POST", `${place}/${state === "active" ? "reinstate" : "suspend"}`, null, token);
		yield { slug, state: !there ? "made" : isRenamed || isSwitched ? "changed" : "there" };
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
