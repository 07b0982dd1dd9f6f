import { builtInPolicy } from "../../domain/policy.ts";
import { mostPolicies } from "../../domain/api-key-text.ts";
import { page, seeOther } from "../../http/reply.ts";
import { listCodes } from "../../operations/keys/create-code.ts";
import { policiesOf } from "../../operations/keys/find-managed-key.ts";
import { editLink, listLinks, removeLink } from "../../operations/keys/links.ts";
import { accountName, deleteKey, editKey } from "../../operations/keys/manage-key.ts";
import { choosablePolicies } from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { keyDetailsView, type KeyDetailsProps, keyPoliciesView } from "./key-editor.tsx";
import { keyDeletionView, linkRemovalView } from "./key-deletion.tsx";
import { doneAt, keysUrl, type KeyVisit, missing, noticeOf, ofKey, undoOf } from "./key-visit.ts";
import { readKeyText } from "./keys.ts";

const sentences = {
	created: "The API key was created. Next, make an access code for it.",
	linked: "The API key was linked. It opens this account by the policies that you chose.",
	saved: "Saved.",
	disabled: "Disabled. Everything that used it has stopped.",
	enabled: "Enabled.",
};

/** `GET /console/:slug/keys/:id` */
export const showKey = ofKey("keys:read", async (visit) => {
	const { row } = visit.key;
	return details(visit, 200, { name: row.name, tags: row.tags.join(", ") }, {});
});

/** `POST /console/:slug/keys/:id` */
export const takeKey = ofKey("keys:write", async (visit) => {
	const { form, actor, call, key, base } = visit;
	const values = { name: form.get("name") ?? "", tags: form.get("tags") ?? "" };
	const { errors, text } = readKeyText(values.name, values.tags);
	if (!text) return details(visit, 400, values, errors);
	const edited = await editKey(key.row.id, text, actor, call.services);
	if (edited.kind === "edited") return doneAt(base, "saved");
	if (edited.kind !== "name_taken") return missing("API key");
	return details(visit, 409, values, { name: "There is an API key of this name already." });
});

async function details(
	visit: KeyVisit,
	status: number,
	values: KeyDetailsProps["values"],
	errors: KeyDetailsProps["errors"],
): Promise<Response> {
	const { frame, shown, call, base } = visit;
	const notice = noticeOf(visit, sentences);
	const undo = frame.permissions.includes("keys:write") ? undoOf(visit, `${base}/enabled`) : null;
	const now = call.services.now();
	return page(status, keyDetailsView({ frame, key: shown, notice, undo, values, errors, now }));
}

/** `POST /console/:slug/keys/:id/enabled`: the key, or our side of its link. */
export const takeKeyEnabled = ofKey("keys:write", async ({ form, actor, call, key, shown, base }) => {
	const enabled = form.get("enabled") === "on";
	const edit = shown.link ? editLink : editKey;
	const edited = await edit(key.row.id, { enabled }, actor, call.services);
	return edited.kind === "edited" ? doneAt(base, enabled ? "enabled" : "disabled") : missing("API key");
});

/** `GET /console/:slug/keys/:id/policies` */
export const showKeyPolicies = ofKey("keys:read", (visit) => policies(visit, 200, policiesOf(visit.key), null));

/** `POST /console/:slug/keys/:id/policies` */
export const takeKeyPolicies = ofKey("keys:write", async (visit) => {
	const { form, actor, call, key, shown, base } = visit;
	const chosen = chosenValues(form, "policies");
	if (chosen.length > mostPolicies) return policies(visit, 400, chosen, `Choose at most ${mostPolicies}.`);
	const edit = shown.link ? editLink : editKey;
	const edited = await edit(key.row.id, { policies: chosen }, actor, call.services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${base}/policies`, "saved");
		case "policy_needed":
			return policies(visit, 400, chosen, "A link needs at least one policy. To end it, remove the link.");
		case "beyond":
			return policies(visit, 403, chosen, `You cannot give what you may not do yourself: ${edited.permission}.`);
		case "unknown_policy":
			return policies(visit, 400, chosen, "A policy that you chose is gone. Choose again.");
		case "name_taken":
		case "unknown":
			return missing("API key");
	}
});

async function policies(
	visit: KeyVisit,
	status: number,
	chosen: readonly string[],
	error: string | null,
): Promise<Response> {
	const { frame, shown, account, call } = visit;
	const builtIn = shown.isIntegration && !shown.link ? builtInPolicy : null;
	const choices = await choosablePolicies(account.id, call.services);
	const notice = noticeOf(visit, sentences);
	return page(status, keyPoliciesView({ frame, key: shown, notice, policies: choices, chosen, builtIn, error }));
}

/** `GET /console/:slug/keys/:id/delete`: a key of our own, or our link to another's. */
export const showKeyDeletion = ofKey("keys:delete", async ({ frame, shown, key, call, base }) => {
	if (shown.link)
		return page(200, linkRemovalView({ frame, name: shown.name, action: `${base}/delete`, cancelUrl: base }));
	const [codes, links] = await Promise.all([listCodes(key, call.services), listLinks(key, call.services)]);
	const accounts = await Promise.all(links.map(({ accountId }) => accountName(accountId, call.services)));
	return page(
		200,
		keyDeletionView({
			frame,
			name: shown.name,
			codes: codes.map(({ description }) => description),
			accounts: accounts.map(({ name }) => name),
			action: `${base}/delete`,
			cancelUrl: base,
		}),
	);
});

/** `POST /console/:slug/keys/:id/delete` (keys:delete) */
export const takeKeyDeletion = ofKey("keys:delete", async (visit) => {
	const { actor, call, key, shown } = visit;
	const { id } = key.row;
	const outcome = await (shown.link ? removeLink(id, actor, call.services) : deleteKey(id, actor, call.services));
	if (outcome === "unknown") return missing("API key");
	return seeOther(`${keysUrl(visit)}?done=${shown.link ? "unlinked" : "deleted"}`);
});
