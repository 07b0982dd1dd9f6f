import { bounds, isFull } from "../../domain/bounds.ts";
import { visibleCode } from "../../crypto/access-code.ts";
import { randomId } from "../../crypto/random.ts";
import { apiKeyTypes } from "../../domain/ports/api-keys.ts";
import { mostPolicies } from "../../domain/api-key-text.ts";
import { type Headers, page, seeOther } from "../../http/reply.ts";
import { readKeyFileToken } from "../../operations/checks/key-file-token.ts";
import { createKey } from "../../operations/keys/create-key.ts";
import { isOn } from "../../operations/keys/find-managed-key.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { createLink, type Linked } from "../../operations/keys/links.ts";
import { keyList, listKeys } from "../../operations/keys/list-keys.ts";
import { lastUses } from "../../operations/keys/manage-key.ts";
import { choosablePolicies } from "../../operations/keys/policies.ts";
import type { Services } from "../../operations/services.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { around, listUrl, readList, typedOf } from "../frame/list.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere, sentAlready } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { newKeyView, type NewKeyProps, newLinkView, type NewLinkProps } from "./key-form.tsx";
import { keysListView } from "./keys-list.tsx";
import { limitValuesOf, orNone, readLimits, typedLimits } from "./limit-values.ts";
import { showSecret } from "./key-secret.ts";
import { keyNameTaken, readKeyText, tooManyPolicies, whyNotGiven } from "./key-text.ts";

/** `GET /console/:slug/keys`, with the parameters of `GET /v1/keys`. */
export const keysPage = inConsole("keys", "keys:read", async (visit) => {
	const { services, url, account, frame } = visit;
	const list = readList(keyList, url);
	// A link with a whole access code: it does not stay in the address.
	const clean = await withoutSecret(list.typed, services);
	if (clean !== list.typed) return seeOther(listUrl(url.pathname, clean));
	const found = list.asked && (await listKeys(account.id, { ...list.asked, cursor: list.cursor, limit: 20 }, services));
	if (list.asked && !found) return notThere(visit);
	const rows = found?.rows ?? [];
	const uses = await lastUses(rows, services);
	return page(
		list.asked ? 200 : 400,
		keysListView({
			frame,
			...around(keyList, url, list, found),
			keys: rows.map((key) => ({
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

/** `POST /console/:slug/keys`: the search, sent so that an access code that is pasted comes into no address and no log. */
export const searchKeysPage = inConsole("keys", "keys:read", async ({ form, url, services }) =>
	seeOther(listUrl(url.pathname, await withoutSecret(typedOf(keyList, form), services))),
);

type Typed = Readonly<Record<string, string>>;

/** What was typed, or, where an access code is in it, what is visible of that, which finds its key as well. */
async function withoutSecret(typed: Typed, { serverKeys }: Services): Promise<Typed> {
	const { q = "" } = typed;
	const secret = (await readKeyFileToken(q, serverKeys)) ?? longerThanVisible.exec(q)?.[0];
	return secret === undefined ? typed : { ...typed, q: visibleCode(secret) };
}

/** An access code, be it whole or not, with whatever somebody copied around it: a header, a key file. */
const longerThanVisible = /(?<![\w-])lk_[\w-]{14,}/;

/** `GET /console/:slug/keys/new` */
export const newKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const values = { name: "", tags: "", type: "standard", policies: [] };
	return newKeyForm(visit, 200, { nonce: randomId(visit.services.random), values, limits: limitValuesOf({}) });
});

/** `POST /console/:slug/keys/new` */
export const createKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const name = form.get("name") ?? "";
	const tags = form.get("tags") ?? "";
	const type = apiKeyTypes.find((each) => each === form.get("type")) ?? "standard";
	const policies = chosenValues(form, "policies");
	const limits = typedLimits(form);
	const ask = (status: number, said: NewKeySaid, headers?: Headers) =>
		newKeyForm(visit, status, { nonce, values: { name, tags, type, policies }, limits, ...said }, headers);
	const again = (status: number, errors: NewKeyProps["errors"]) => ask(status, { errors });

	const { errors, text } = readKeyText(name, tags);
	const tooMany = policies.length > mostPolicies && { policies: tooManyPolicies };
	const limited = readLimits(limits, services.now());
	if (!text || tooMany || !limited.read) return again(400, { ...errors, ...tooMany, ...limited.errors });
	const refused = await refusedProof(visit);
	if (refused) return ask(refused[0], { unproved: refused[1] }, refused[2]);
	const created = await createKey({ ...text, type, policies, limits: orNone(limited.read) }, nonce, actor, services);
	switch (created.kind) {
		case "created": {
			const { key, code } = created;
			if (!code) return doneAt(`${visit.frame.base}/keys/${key.row.id}`, "created");
			return showSecret(visit, key, { ...code, notice: "The API key was created. Save its key file now." });
		}
		case "name_taken":
			return again(409, { name: keyNameTaken });
		case "full":
			return again(409, { name: isFull(bounds.keys) });
		case "used":
			return sentAlready(visit);
		case "beyond":
		case "unknown_policy": {
			const [status, why] = whyNotGiven(created);
			return again(status, { policies: why });
		}
	}
});

interface NewKeySaid extends Partial<Pick<NewKeyProps, "errors">> {
	/** What is wrong with the proof. */
	readonly unproved?: string;
}

async function newKeyForm(
	visit: Visit,
	status: number,
	{ errors = {}, unproved, ...form }: Pick<NewKeyProps, "nonce" | "values" | "limits"> & NewKeySaid,
	headers?: Headers,
): Promise<Response> {
	const { frame, account, services } = visit;
	const [policies, proof] = await Promise.all([
		choosablePolicies(account.id, services),
		proofAgain(visit, unproved ?? null),
	]);
	return page(status, newKeyView({ frame, policies, proof, errors, ...form }), headers);
}

/** `GET /console/:slug/keys/link` */
export const newLinkPage = inConsole("keys", "keys:write", async (visit) => {
	return newLinkForm(visit, 200, { values: { key: "", policies: [] }, errors: {} });
});

/** `POST /console/:slug/keys/link` */
export const createLinkPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const values = { key: (form.get("key") ?? "").trim(), policies: chosenValues(form, "policies") };
	if (values.key === "") return newLinkForm(visit, 400, { values, errors: { key: "Enter the ID of an API key." } });
	const linked = await createLink({ keyId: values.key, policies: values.policies }, actor, services);
	if (linked.kind === "linked") return doneAt(`${visit.frame.base}/keys/${linked.key.row.id}`, "linked");
	const [status, errors] = whyNotLinked(linked);
	return newLinkForm(visit, status, { values, errors });
});

function whyNotLinked(refusal: Exclude<Linked, { kind: "linked" }>): [status: number, NewLinkProps["errors"]] {
	switch (refusal.kind) {
		case "unknown":
			// Whatever is wrong with the id: nobody learns here which keys there are.
			return [404, { key: "There is no API key of another account with this ID." }];
		case "already":
			return [409, { key: "This key is linked already. Edit the link instead." }];
		case "full":
			return [409, { key: isFull(bounds.links) }];
		case "policy_needed":
			return [400, { policies: "Choose at least one policy." }];
		case "beyond":
		case "unknown_policy": {
			const [status, policies] = whyNotGiven(refusal);
			return [status, { policies }];
		}
	}
}

async function newLinkForm(
	{ frame, account, services }: Visit,
	status: number,
	form: Pick<NewLinkProps, "values" | "errors">,
): Promise<Response> {
	const policies = await choosablePolicies(account.id, services);
	return page(status, newLinkView({ frame, policies, ...form }));
}
