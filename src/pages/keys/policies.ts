import { randomId } from "../../crypto/random.ts";
import { readName } from "../../domain/display-name.ts";
import { readDescription } from "../../domain/api-key-text.ts";
import { isPermission, permissions } from "../../domain/permission.ts";
import { builtInPolicy } from "../../domain/policy.ts";
import { page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import {
	createPolicy,
	deletePolicy,
	editPolicy,
	findPolicy,
	keysWithPolicy,
	listPolicies,
	type PolicyText,
	type PolicyWritten,
} from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { policyDeletionView } from "./key-deletion.tsx";
import { policiesView, policyFormView, type PolicyFormProps } from "./policies.tsx";
import { doneAt, missing, noticeOf, refusedPage } from "./key-visit.ts";
import { outOfDate } from "./keys.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

const linesPerPage = 20;

/** `GET /console/:slug/policies` */
export const showPolicies = inConsole("policies", "keys:read", async (visit) => {
	const { call, account, frame } = visit;
	const { services, url } = call;
	const cursor = url.searchParams.get("cursor");
	const found = await listPolicies(account.id, { cursor, limit: linesPerPage }, services);
	if (!found) return refusedPage(400, "Malformed address", "This is no page of this list.");
	const { rows: policies, next } = found;
	const notice = noticeOf(visit, {
		created: "The policy was created. Give it to an API key under the key's Policies.",
		deleted: "The policy was deleted. Within 30 seconds it permits nothing any more.",
	});
	const nextUrl = next && `${baseOf(visit)}?cursor=${encodeURIComponent(next)}`;
	return page(200, policiesView({ frame, notice, policies, nextUrl, isFirstPage: cursor === null }));
});

/** `GET /console/:slug/policies/new` */
export const showNewPolicy = inConsole("policies", "keys:write", async (visit) => {
	const values = { name: "", description: "", permissions: [] };
	const nonce = randomId(visit.call.services.random);
	return policyForm(visit, 200, { id: null, title: "Create policy", nonce, values, errors: {} });
});

/** `POST /console/:slug/policies/new` */
export const takeNewPolicy = inConsole("policies", "keys:write", async (visit) => {
	const { form, actor, call } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return outOfDate();
	const { values, errors, text } = readPolicyText(form);
	const again = (status: number, wrong: PolicyFormProps["errors"]) =>
		policyForm(visit, status, { id: null, title: "Create policy", nonce, values, errors: wrong });
	if (!text) return again(400, errors);
	const written = await createPolicy(text, nonce, actor, call.services);
	if (written.kind === "written") return doneAt(baseOf(visit), "created");
	return refuse(written, again);
});

/** `GET /console/:slug/policies/:id` */
export const showPolicy = inConsole("policies", "keys:read", async (visit) => {
	const policy = await findOwn(visit);
	if (!policy) return missing("policy");
	return policyForm(visit, 200, { id: policy.id, title: policy.name, nonce: null, values: policy, errors: {} });
});

/** `POST /console/:slug/policies/:id` */
export const takePolicy = inConsole("policies", "keys:write", async (visit) => {
	const { form, actor, call } = visit;
	const policy = await findOwn(visit);
	if (!policy) return missing("policy");
	const { values, errors, text } = readPolicyText(form);
	const again = (status: number, wrong: PolicyFormProps["errors"]) =>
		policyForm(visit, status, { id: policy.id, title: policy.name, nonce: null, values, errors: wrong });
	if (!text) return again(400, errors);
	const written = await editPolicy(policy.id, text, actor, call.services);
	if (written.kind === "written") return doneAt(`${baseOf(visit)}/${policy.id}`, "saved");
	return refuse(written, again);
});

/** `GET /console/:slug/policies/:id/delete` */
export const showPolicyDeletion = inConsole("policies", "keys:delete", async (visit) => {
	const policy = await findOwn(visit);
	if (!policy) return missing("policy");
	const keys = await keysWithPolicy(policy, visit.call.services);
	const base = `${baseOf(visit)}/${policy.id}`;
	const names = keys.map(({ name }) => name);
	const asked = { frame: visit.frame, name: policy.name, keys: names, action: `${base}/delete`, cancelUrl: base };
	return page(200, policyDeletionView(asked));
});

/** `POST /console/:slug/policies/:id/delete` (keys:delete): the page before it has named the keys. */
export const takePolicyDeletion = inConsole("policies", "keys:delete", async (visit) => {
	const deleted = await deletePolicy(visit.call.params.id ?? "", true, visit.actor, visit.call.services);
	return deleted.kind === "deleted" ? doneAt(baseOf(visit), "deleted") : missing("policy");
});

function refuse(
	refusal: Exclude<PolicyWritten, { kind: "written" }>,
	again: (status: number, errors: PolicyFormProps["errors"]) => Response,
): Response {
	switch (refusal.kind) {
		case "name_taken":
			return again(409, { name: "There is a policy of this name already." });
		case "beyond":
			return again(403, { permissions: `You cannot give what you may not do yourself: ${refusal.permission}.` });
		case "unknown":
		case "built_in":
			return missing("policy");
	}
}

function policyForm(
	visit: Visit,
	status: number,
	form: Pick<PolicyFormProps, "id" | "title" | "nonce" | "values" | "errors">,
): Response {
	const notice = noticeOf(visit, { saved: "Saved. The edit takes up to 30 seconds to reach every check." });
	return page(status, policyFormView({ ...form, frame: visit.frame, notice, permissions }));
}

function readPolicyText(form: Visit["form"]): {
	values: PolicyFormProps["values"];
	errors: PolicyFormProps["errors"];
	text: PolicyText | null;
} {
	const values = {
		name: form.get("name") ?? "",
		description: form.get("description") ?? "",
		permissions: chosenValues(form, "permissions").filter(isPermission),
	};
	const name = readName(values.name);
	const description = readDescription(values.description);
	const errors = {
		...(name === null && { name: "Enter a name of 1 to 100 printable characters." }),
		...(description === null && { description: "Describe it in 1 to 200 printable characters." }),
		...(values.permissions.length === 0 && { permissions: "Choose at least one permission." }),
	};
	const isGood = name !== null && description !== null && values.permissions.length > 0;
	return { values, errors, text: isGood ? { name, description, permissions: values.permissions } : null };
}

/** The built-in policy has no page of its own: there is nothing to edit. */
async function findOwn({ call, account }: Visit) {
	const id = call.params.id ?? "";
	return id === builtInPolicy.id ? null : findPolicy(id, account.id, call.services);
}

function baseOf({ account }: Visit): string {
	return `/console/${account.slug}/policies`;
}
