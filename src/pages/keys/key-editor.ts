import { builtInPolicy, type Policy } from "../../domain/policy.ts";
import { mostPolicies } from "../../domain/api-key-text.ts";
import { type Headers, page } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import { deedsOfKey } from "../../operations/keys/deeds-of-key.ts";
import { endTokensOfKey } from "../../operations/keys/end-tokens.ts";
import { editKeyOrLink, removeKeyOrLink } from "../../operations/keys/key-or-link.ts";
import { type ManagedKey, policiesOf } from "../../operations/keys/find-managed-key.ts";
import { listLinks } from "../../operations/keys/links.ts";
import { accountName, editKey } from "../../operations/keys/manage-key.ts";
import { choosablePolicies } from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, changesOf, drawnFrom, drawnOf, inWords, savedMeanwhile, settle } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { keyDetailsView, type KeyDetailsProps, type KeyPoliciesProps, keyPoliciesView } from "./key-editor.tsx";
import { keyDeletionView, keyTokensView, linkRemovalView } from "./key-deletion.tsx";
import { keyNameTaken, readKeyText, tooManyPolicies, whyNotGiven } from "./key-text.ts";
import { editorOf, idOf, type KeyVisit, ofKey, ofOwnKey, withKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id` */
export const keyPage = ofKey("keys:read", async (visit) => {
	const values = textOf(visit.key);
	return details(visit, 200, { values, fields: await drawnFrom(values) });
});

/** `POST /console/:slug/keys/:id` */
export const editKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const values = { name: form.get("name") ?? "", tags: form.get("tags") ?? "" };
	const again = (status: number, said: Pick<DetailsForm, "errors" | "problem">) =>
		withKey(visit, (shown) => details(shown, status, { values, fields: drawnOf(form), ...said }));
	const { errors, text } = readKeyText(values.name, values.tags);
	if (!text) return again(400, { errors });
	const settled = (now: ManagedKey) => settle(form, values, textOf(now));
	const edited = await editKey(idOf(visit), async (now) => changesOf(await settled(now), text), actor, services);
	switch (edited.kind) {
		case "edited":
			return doneAt(editorOf(visit), "saved");
		case "stale": {
			const now = await settled(edited.key);
			const fields = await drawnFrom(textOf(edited.key));
			const said = { values: now.values, fields, errors: now.conflicts, problem: savedMeanwhile };
			return withKey(visit, (shown) => details(shown, 409, said));
		}
		case "overtaken":
			return again(409, { problem: changedAllTheTime });
		case "name_taken":
			return again(409, { errors: { name: keyNameTaken } });
		default:
			return notThere(visit, "API key");
	}
});

type DetailsForm = Pick<KeyDetailsProps, "values" | "fields"> & Partial<Pick<KeyDetailsProps, "errors" | "problem">>;

async function details(visit: KeyVisit, status: number, form: DetailsForm): Promise<Response> {
	const { frame, shown: key, services } = visit;
	const deeds = await deedsOfKey(visit.key, services);
	return page(status, keyDetailsView({ errors: {}, problem: null, ...form, frame, key, deeds }));
}

function textOf({ row }: ManagedKey): KeyDetailsProps["values"] {
	return { name: row.name, tags: row.tags.join(", ") };
}

/** `POST /console/:slug/keys/:id/enabled`: the key, or our side of its link. */
export const switchKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const enabled = visit.form.get("enabled") === "on";
	const edited = await editKeyOrLink(idOf(visit), () => ({ enabled }), visit.actor, visit.services);
	if (edited.kind !== "edited") return notThere(visit, "API key");
	return doneAt(editorOf(visit), enabled ? "enabled" : "disabled");
});

/** `GET /console/:slug/keys/:id/policies` */
export const keyPoliciesPage = ofKey("keys:read", async (visit) => {
	const choices = await choosablePolicies(visit.account.id, visit.services);
	const values = givenOf(visit.key, choices);
	return policies(visit, 200, choices, { chosen: values.policies, fields: await drawnFrom(values) });
});

/** `POST /console/:slug/keys/:id/policies` */
export const editKeyPoliciesPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, account, actor, services } = visit;
	const chosen = chosenValues(form, "policies");
	const choices = await choosablePolicies(account.id, services);
	const again = (status: number, said: Partial<PoliciesForm>) =>
		withKey(visit, (shown) => policies(shown, status, choices, { chosen, fields: drawnOf(form), ...said }));
	if (chosen.length > mostPolicies) return again(400, { error: tooManyPolicies });
	const edit = async (now: ManagedKey) => {
		return changesOf(await settle(form, { policies: chosen }, givenOf(now, choices)), { policies: chosen });
	};
	const edited = await editKeyOrLink(idOf(visit), edit, actor, services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${editorOf(visit)}/policies`, "saved");
		case "stale": {
			const now = givenOf(edited.key, choices);
			const names = choices.filter(({ id }) => now.policies.includes(id)).map(({ name }) => name);
			return again(409, { fields: await drawnFrom(now), error: inWords(names), problem: savedMeanwhile });
		}
		case "overtaken":
			return again(409, { problem: changedAllTheTime });
		case "policy_needed":
			return again(400, { error: "A link needs at least one policy. To end it, remove the link." });
		case "beyond":
		case "unknown_policy": {
			const [status, error] = whyNotGiven(edited);
			return again(status, { error });
		}
		case "name_taken":
		case "unknown":
			return notThere(visit, "API key");
	}
});

/** Those of its policies that the form shows: not the built-in one, nor one that is gone. */
function givenOf(key: ManagedKey, choices: readonly Policy[]): { readonly policies: readonly string[] } {
	return { policies: policiesOf(key).filter((given) => choices.some(({ id }) => id === given)) };
}

type PoliciesForm = Pick<KeyPoliciesProps, "chosen" | "fields"> & Partial<Pick<KeyPoliciesProps, "error" | "problem">>;

async function policies(
	visit: KeyVisit,
	status: number,
	choices: readonly Policy[],
	form: PoliciesForm,
): Promise<Response> {
	const { frame, shown: key, services } = visit;
	const builtIn = key.isIntegration && !key.link ? builtInPolicy : null;
	const shown = { frame, key, policies: choices, builtIn, deeds: await deedsOfKey(visit.key, services) };
	return page(status, keyPoliciesView({ error: null, problem: null, ...form, ...shown }));
}

/** `GET /console/:slug/keys/:id/tokens/end` */
export const keyTokensPage = ofOwnKey("keys:delete", async (visit) => {
	const { frame, shown } = visit;
	const cancelUrl = editorOf(visit);
	return page(200, keyTokensView({ frame, name: shown.name, action: `${cancelUrl}/tokens/end`, cancelUrl }));
});

/** `POST /console/:slug/keys/:id/tokens/end` */
export const endKeyTokensPage = inConsole("keys", "keys:delete", async (visit) => {
	const ended = await endTokensOfKey(idOf(visit), visit.actor, visit.services);
	return ended === "ended" ? doneAt(editorOf(visit), "tokens_ended") : notThere(visit, "API key");
});

/** `GET /console/:slug/keys/:id/delete`: a key of our own, or our link to another's. */
export const keyDeletionPage = ofKey("keys:delete", (visit) => askToDelete(visit, 200, null));

async function askToDelete(visit: KeyVisit, status: number, error: string | null, headers?: Headers) {
	const { frame, shown, key, services } = visit;
	const cancelUrl = editorOf(visit);
	const proof = await proofAgain(visit, error);
	const asked = { frame, name: shown.name, action: `${cancelUrl}/delete`, cancelUrl, proof };
	if (shown.link) return page(status, linkRemovalView(asked), headers);
	const [codes, links] = await Promise.all([listCodes(key, services), listLinks(key, services)]);
	const accounts = await Promise.all(links.map(({ accountId }) => accountName(accountId, services)));
	const stops = { codes: codes.map(({ description }) => description), accounts: accounts.map(({ name }) => name) };
	return page(status, keyDeletionView({ ...asked, ...stops }), headers);
}

/** `POST /console/:slug/keys/:id/delete` (keys:delete), with a proof where the sign-in is a while old */
export const deleteKeyPage = inConsole("keys", "keys:delete", async (visit) => {
	const refused = await refusedProof(visit);
	if (refused) return withKey(visit, (shown) => askToDelete(shown, ...refused));
	const outcome = await removeKeyOrLink(idOf(visit), visit.actor, visit.services);
	if (outcome === "unknown") return notThere(visit, "API key");
	return doneAt(`${visit.frame.base}/keys`, outcome === "removed" ? "unlinked" : "deleted");
});
