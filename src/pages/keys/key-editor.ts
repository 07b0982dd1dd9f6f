import { builtInPolicy } from "../../domain/policy.ts";
import { mostPolicies } from "../../domain/api-key-text.ts";
import { page } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import { editKeyOrLink, removeKeyOrLink } from "../../operations/keys/key-or-link.ts";
import { policiesOf } from "../../operations/keys/find-managed-key.ts";
import { listLinks } from "../../operations/keys/links.ts";
import { accountName, editKey } from "../../operations/keys/manage-key.ts";
import { choosablePolicies } from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { keyDetailsView, type KeyDetailsProps, keyPoliciesView } from "./key-editor.tsx";
import { keyDeletionView, linkRemovalView } from "./key-deletion.tsx";
import { keyNameTaken, readKeyText, tooManyPolicies, whyNotGiven } from "./key-text.ts";
import { editorOf, idOf, type KeyVisit, ofKey, withKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id` */
export const keyPage = ofKey("keys:read", async (visit) => {
	const { name, tags } = visit.key.row;
	return details(visit, 200, { name, tags: tags.join(", ") }, {});
});

/** `POST /console/:slug/keys/:id` */
export const editKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const values = { name: form.get("name") ?? "", tags: form.get("tags") ?? "" };
	const again = (status: number, errors: KeyDetailsProps["errors"]) =>
		withKey(visit, async (shown) => details(shown, status, values, errors));
	const { errors, text } = readKeyText(values.name, values.tags);
	if (!text) return again(400, errors);
	const edited = await editKey(idOf(visit), text, actor, services);
	if (edited.kind === "edited") return doneAt(editorOf(visit), "saved");
	return edited.kind === "name_taken" ? again(409, { name: keyNameTaken }) : notThere(visit, "API key");
});

function details(
	{ frame, shown: key }: KeyVisit,
	status: number,
	values: KeyDetailsProps["values"],
	errors: KeyDetailsProps["errors"],
): Response {
	return page(status, keyDetailsView({ frame, key, values, errors }));
}

/** `POST /console/:slug/keys/:id/enabled`: the key, or our side of its link. */
export const switchKeyPage = inConsole("keys", "keys:write", async (visit) => {
	const enabled = visit.form.get("enabled") === "on";
	const edited = await editKeyOrLink(idOf(visit), { enabled }, visit.actor, visit.services);
	if (edited.kind !== "edited") return notThere(visit, "API key");
	return doneAt(editorOf(visit), enabled ? "enabled" : "disabled");
});

/** `GET /console/:slug/keys/:id/policies` */
export const keyPoliciesPage = ofKey("keys:read", (visit) => policies(visit, 200, policiesOf(visit.key), null));

/** `POST /console/:slug/keys/:id/policies` */
export const editKeyPoliciesPage = inConsole("keys", "keys:write", async (visit) => {
	const chosen = chosenValues(visit.form, "policies");
	const again = (status: number, error: string) => withKey(visit, (shown) => policies(shown, status, chosen, error));
	if (chosen.length > mostPolicies) return again(400, tooManyPolicies);
	const edited = await editKeyOrLink(idOf(visit), { policies: chosen }, visit.actor, visit.services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${editorOf(visit)}/policies`, "saved");
		case "policy_needed":
			return again(400, "A link needs at least one policy. To end it, remove the link.");
		case "beyond":
		case "unknown_policy":
			return again(...whyNotGiven(edited));
		case "name_taken":
		case "unknown":
			return notThere(visit, "API key");
	}
});

async function policies(
	visit: KeyVisit,
	status: number,
	chosen: readonly string[],
	error: string | null,
): Promise<Response> {
	const { frame, shown: key, account, services } = visit;
	const builtIn = key.isIntegration && !key.link ? builtInPolicy : null;
	const choices = await choosablePolicies(account.id, services);
	return page(status, keyPoliciesView({ frame, key, policies: choices, chosen, builtIn, error }));
}

/** `GET /console/:slug/keys/:id/delete`: a key of our own, or our link to another's. */
export const keyDeletionPage = ofKey("keys:delete", async (visit) => {
	const { frame, shown, key, services } = visit;
	const cancelUrl = editorOf(visit);
	const asked = { frame, name: shown.name, action: `${cancelUrl}/delete`, cancelUrl };
	if (shown.link) return page(200, linkRemovalView(asked));
	const [codes, links] = await Promise.all([listCodes(key, services), listLinks(key, services)]);
	const accounts = await Promise.all(links.map(({ accountId }) => accountName(accountId, services)));
	const stops = { codes: codes.map(({ description }) => description), accounts: accounts.map(({ name }) => name) };
	return page(200, keyDeletionView({ ...asked, ...stops }));
});

/** `POST /console/:slug/keys/:id/delete` (keys:delete) */
export const deleteKeyPage = inConsole("keys", "keys:delete", async (visit) => {
	const outcome = await removeKeyOrLink(idOf(visit), visit.actor, visit.services);
	if (outcome === "unknown") return notThere(visit, "API key");
	return doneAt(`${visit.frame.base}/keys`, outcome === "removed" ? "unlinked" : "deleted");
});
