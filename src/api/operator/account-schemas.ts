import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { AccountCounts, ListedAccount } from "../../domain/ports/accounts.ts";
import { described, instant, titled } from "../../http/described.ts";

// How /v1/accounts shows an account.

const entries = {
	id: described(v.string(), "Never another one's."),
	slug: described(
		v.string(),
		"What URLs, `account` and `groups` name it by. It never changes, and never becomes another one's.",
	),
	name: described(v.string(), "As people call it."),
	state: described(v.picklist(["active", "suspended"]), "Nothing of a suspended one opens anything."),
	created_at: v.nullable(instant("When it was made; null where that was not noted.")),
	suspended_at: v.nullable(instant("Since when it is suspended; null where it is not.")),
	delete_at: v.nullable(instant("From when on everything of it goes; null where nothing does.")),
};

export const accountSchema = titled("AnAccount", v.object(entries));
export const countedAccountSchema = titled(
	"AccountWithCounts",
	v.object({
		...entries,
		people: described(v.number(), "How many belong to it."),
		clients: described(v.number(), "How many integrations and applications it has."),
		keys: described(v.number(), "How many API keys."),
		apis: described(v.number(), "How many APIs of its own."),
	}),
);

export function shownAccount({ id, slug, name, state, createdAt, suspendedAt, deleteAt }: ListedAccount) {
	return {
		id,
		slug,
		name,
		state,
		created_at: writeInstant(createdAt),
		suspended_at: writeInstant(suspendedAt),
		delete_at: writeInstant(deleteAt),
	};
}

export function shownWithCounts(account: ListedAccount, { people, clients, keys, apis }: AccountCounts) {
	return { ...shownAccount(account), people, clients, keys, apis };
}
