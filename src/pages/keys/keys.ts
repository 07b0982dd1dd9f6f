import { randomId } from "../../crypto/random.ts";
import { readName } from "../../domain/display-name.ts";
import { keyTypes } from "../../domain/ports/api-keys.ts";
import { mostPolicies, readTags } from "../../domain/api-key-text.ts";
import { page } from "../../http/reply.ts";
import type { KeyCreated } from "../../operations/keys/create-key.ts";
import { createKey } from "../../operations/keys/create-key.ts";
import { isOn } from "../../operations/keys/find-managed-key.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { createLink, type Linked } from "../../operations/keys/links.ts";
import { lastUses, listKeys } from "../../operations/keys/manage-key.ts";
import { choosablePolicies } from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { newKeyView, type NewKeyProps, newLinkView, type NewLinkProps } from "./key-form.tsx";
import { keysListView } from "./keys-list.tsx";
import { doneAt, keysUrl, noticeOf, refusedPage } from "./key-visit.ts";
import { showSecret } from "./key-secret.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

const linesPerPage = 20;

/** `GET /console/:slug/keys` */
export const showKeys = inConsole("keys", "keys:read", async (visit) => {
	const { call, account, frame } = visit;
	const { services, url } = call;
	const cursor = url.searchParams.get("cursor");
	const found = await listKeys(account.id, { cursor, limit: linesPerPage }, services);
	if (!found) return refusedPage(400, "Malformed address", "This is no page of this list.");
	const { rows: keys, next } = found;
	const uses = await lastUses(keys, services);
	return page(
		200,
		keysListView({
			frame,
			notice: noticeOf(visit, {
				deleted: "The API key was deleted. Everything that used it has stopped.",
				unlinked: "The link was removed. The key does not open this account any more.",
			}),
			isFirstPage: cursor === null,
			now: services.now(),
			nextUrl: next && `${keysUrl(visit)}?cursor=${encodeURIComponent(next)}`,
			keys: keys.map((key) => ({
				id: key.row.id,
				name: key.row.name,
				isLinked: key.row.accountId !== account.id,
				isIntegration: key.row.type === "integration",
				tags: key.row.accountId === account.id ? key.row.tags : [],
				isOn: isOn(key),
				lastUsedAt: uses.get(key.row.id) ?? null,
				createdAt: key.row.createdAt,
			})),
		}),
	);
});

const noErrors = {};

/** `GET /console/:slug/keys/new` */
export const showNewKey = inConsole("keys", "keys:write", async (visit) => {
	const values = { name: "", tags: "", type: "standard", policies: [] };
	return newKeyForm(visit, 200, randomId(visit.call.services.random), values, noErrors);
});

/** `POST /console/:slug/keys/new` */
export const takeNewKey = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, call } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return outOfDate();
	const name = form.get("name") ?? "";
	const given = form.get("tags") ?? "";
	const type = keyTypes.find((each) => each === form.get("type")) ?? "standard";
	const policies = chosenValues(form, "policies");
	const values = { name, tags: given, type, policies };
	const again = (status: number, errors: NewKeyProps["errors"]) => newKeyForm(visit, status, nonce, values, errors);

	const { errors, text } = readKeyText(name, given);
	const tooMany = policies.length > mostPolicies && { policies: `Choose at most ${mostPolicies}.` };
	if (!text || tooMany) return again(400, { ...errors, ...tooMany });
	const created = await createKey({ ...text, type, policies }, nonce, actor, call.services);
	switch (created.kind) {
		case "created":
			return afterCreation(visit, created);
		case "name_taken":
			return again(409, { name: "There is an API key of this name already." });
		case "used":
			return outOfDate();
		case "beyond":
			return again(403, { policies: `You cannot give what you may not do yourself: ${created.permission}.` });
		case "unknown_policy":
			return again(400, { policies: "A policy that you chose is gone. Choose again." });
	}
});

async function afterCreation(visit: Visit, { key, code }: Extract<KeyCreated, { kind: "created" }>): Promise<Response> {
	if (!code) return doneAt(`${keysUrl(visit)}/${key.row.id}`, "created");
	const notice = "The API key was created. Save its key file now.";
	return showSecret(visit, key, { ...code, notice });
}

async function newKeyForm(
	{ frame, account, call }: Visit,
	status: number,
	nonce: string,
	values: NewKeyProps["values"],
	errors: NewKeyProps["errors"],
): Promise<Response> {
	const policies = await choosablePolicies(account.id, call.services);
	return page(status, newKeyView({ frame, nonce, policies, values, errors }));
}

/** `GET /console/:slug/keys/link` */
export const showNewLink = inConsole("keys", "keys:write", async (visit) => {
	return newLinkForm(visit, 200, { key: "", policies: [] }, noErrors);
});

/** `POST /console/:slug/keys/link` */
export const takeNewLink = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, call } = visit;
	const values = { key: (form.get("key") ?? "").trim(), policies: chosenValues(form, "policies") };
	if (values.key === "") return newLinkForm(visit, 400, values, { key: "Enter the ID of an API key." });
	const linked = await createLink({ keyId: values.key, policies: values.policies }, actor, call.services);
	if (linked.kind === "linked") return doneAt(`${keysUrl(visit)}/${linked.key.row.id}`, "linked");
	const [status, errors] = linkRefusal(linked);
	return newLinkForm(visit, status, values, errors);
});

function linkRefusal(refusal: Exclude<Linked, { kind: "linked" }>): [number, NewLinkProps["errors"]] {
	switch (refusal.kind) {
		case "unknown":
			// Whatever is wrong with the id: nobody learns here which keys there are.
			return [404, { key: "There is no API key of another account with this ID." }];
		case "already":
			return [409, { key: "This key is linked already. Edit the link instead." }];
		case "full":
			return [409, { key: "This key is linked as often as a key can be." }];
		case "policy_needed":
			return [400, { policies: "Choose at least one policy." }];
		case "beyond":
			return [403, { policies: `You cannot give what you may not do yourself: ${refusal.permission}.` }];
		case "unknown_policy":
			return [400, { policies: "A policy that you chose is gone. Choose again." }];
	}
}

async function newLinkForm(
	{ frame, account, call }: Visit,
	status: number,
	values: NewLinkProps["values"],
	errors: NewLinkProps["errors"],
): Promise<Response> {
	const policies = await choosablePolicies(account.id, call.services);
	return page(status, newLinkView({ frame, policies, values, errors }));
}

/** A key's name and tags as they were typed: what is wrong with them, or what they say. */
export function readKeyText(
	name: string,
	tags: string,
): {
	errors: { name?: string; tags?: string };
	text: { name: string; tags: readonly string[] } | null;
} {
	const goodName = readName(name);
	const goodTags = readTags(tags.split(",").filter((tag) => tag.trim() !== ""));
	const errors = {
		...(goodName === null && { name: "Enter a name of 1 to 100 printable characters." }),
		...(goodTags === null && { tags: "Use at most 20 tags of at most 50 characters each." }),
	};
	return { errors, text: goodName !== null && goodTags !== null ? { name: goodName, tags: goodTags } : null };
}

export function outOfDate(): Response {
	return refusedPage(409, "Sent already", "This form was sent already, or is out of date. Nothing was done.");
}
