import { atMost, bounds, isFull } from "../../domain/bounds.ts";
import { randomId } from "../../crypto/random.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import { readDescription } from "../../domain/api-key-text.ts";
import { tableOf } from "../../domain/permission-table.ts";
import { policyTemplates } from "../../domain/policy-template.ts";
import { builtInPolicy, type Policy } from "../../domain/policy.ts";
import { page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import * as operations from "../../operations/keys/policies.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { around, readList } from "../frame/list.ts";
import { changedAllTheTime, changesOf, drawnFrom, drawnOf, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { policyDeletionView } from "./key-deletion.tsx";
import { descriptionRule, whyNotGiven } from "./key-text.ts";
import { policiesView, policyFormView, type PolicyFormProps } from "./policies.tsx";

/** `GET /console/:slug/policies` */
export const policiesPage = inConsole("policies", "keys:read", async (visit) => {
	const { services, url, account, frame } = visit;
	const list = readList(operations.policyList, url);
	const { asked, cursor } = list;
	const found = asked && (await operations.listPolicies(account.id, { ...asked, cursor, limit: 20 }, services));
	if (asked && !found) return notThere(visit);
	const shown = { ...around(operations.policyList, url, list, found), policies: found?.rows ?? [] };
	return page(asked ? 200 : 400, policiesView({ frame, ...shown }));
});

/** `GET /console/:slug/policies/new`, with `?from=` what it is started from. */
export const newPolicyPage = inConsole("policies", "keys:write", async (visit) => {
	const apis = await apisOf(visit);
	const templates = policyTemplates(apis);
	const from = visit.url.searchParams.get("from");
	const values = templates.find(({ id }) => id === from) ?? { name: "", description: "", permissions: [] };
	const fields = { nonce: randomId(visit.services.random) };
	return policyForm(visit, 200, { ...blank, apis, fields, values, errors: {}, templates });
});

const blank = { id: null, title: "Create policy", gone: [] };

/** `POST /console/:slug/policies/new` */
export const createPolicyPage = inConsole("policies", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const { values, errors, text } = readPolicyText(form);
	const again = async (status: number, wrong: PolicyFormProps["errors"]) =>
		policyForm(visit, status, { ...blank, apis: await apisOf(visit), fields: { nonce }, values, errors: wrong });
	if (!text) return again(400, errors);
	const written = await operations.createPolicy(text, nonce, actor, services);
	return written.kind === "written" ? doneAt(baseOf(visit), "created") : refusePolicy(visit, written, again);
});

/** `GET /console/:slug/policies/:id` */
export const policyPage = inConsole("policies", "keys:read", async (visit) => {
	const policy = await findOwn(visit);
	if (!policy) return notThere(visit, "policy");
	const apis = await apisOf(visit);
	const values = fieldsOf(policy, apis);
	return policyForm(visit, 200, { ...there(policy, apis), fields: await drawnFrom(values), values, errors: {} });
});

/** `POST /console/:slug/policies/:id` */
export const editPolicyPage = inConsole("policies", "keys:write", async (visit) => {
	const { form, actor, services, params } = visit;
	const id = params.id ?? "";
	const apis = await apisOf(visit);
	const { values, errors, text } = readPolicyText(form);
	const again = async (status: number, wrong: PolicyFormProps["errors"], problem: string | null = null) => {
		const policy = await findOwn(visit);
		if (!policy) return notThere(visit, "policy");
		return policyForm(visit, status, { ...there(policy, apis), fields: drawnOf(form), values, errors: wrong, problem });
	};
	if (!text) return again(400, errors);
	const settled = (now: Policy) => settle(form, values, fieldsOf(now, apis));
	const edit = async (now: Policy) => changesOf(await settled(now), text);
	const written = await operations.editPolicy(id, edit, actor, services);
	if (written.kind === "written") return doneAt(`${baseOf(visit)}/${id}`, "saved");
	if (written.kind !== "stale") return refusePolicy(visit, written, again);
	const now = await settled(written.policy);
	return policyForm(visit, 409, {
		...there(written.policy, apis),
		fields: await drawnFrom(fieldsOf(written.policy, apis)),
		values: now.values,
		errors: now.conflicts,
		problem: savedMeanwhile,
	});
});

type Apis = PolicyFormProps["apis"];

async function apisOf({ account, services }: Visit): Promise<Apis> {
	const apis = await operations.choosableApis(account.id, services);
	return apis.map((api) => ({ ...api, table: tableOf(api.permissions) }));
}

/** What the form has a field for: what is gone of it, nobody can choose. */
function fieldsOf({ name, description, permissions: given }: Policy, apis: Apis): PolicyFormProps["values"] {
	return { name, description, permissions: given.filter((each) => isThere(each, apis)) };
}

function there({ id, name: title, permissions: given }: Policy, apis: Apis) {
	return { id, title, apis, gone: given.filter((each) => !isThere(each, apis)) };
}

function isThere(permission: string, apis: Apis): boolean {
	return apis.some(({ permissions }) => permissions.some(({ name }) => name === permission));
}

/** `GET /console/:slug/policies/:id/delete` */
export const policyDeletionPage = inConsole("policies", "keys:delete", async (visit) => {
	const policy = await findOwn(visit);
	if (!policy) return notThere(visit, "policy");
	const keys = await operations.keysWithPolicy(policy, visit.services);
	const cancelUrl = `${baseOf(visit)}/${policy.id}`;
	const asked = { frame: visit.frame, name: policy.name, action: `${cancelUrl}/delete`, cancelUrl };
	return page(200, policyDeletionView({ ...asked, keys: keys.map(({ name }) => name) }));
});

/** `POST /console/:slug/policies/:id/delete` (keys:delete): the page before it has named the keys. */
export const deletePolicyPage = inConsole("policies", "keys:delete", async (visit) => {
	const how = { isForced: true, edit: () => ({}) };
	const deleted = await operations.deletePolicy(visit.params.id ?? "", how, visit.actor, visit.services);
	if (deleted.kind === "overtaken") return refuseVisit(visit, 409, "Not deleted", changedAllTheTime);
	return deleted.kind === "deleted" ? doneAt(baseOf(visit), "deleted") : notThere(visit, "policy");
});

function refusePolicy(
	visit: Visit,
	refusal: Exclude<operations.PolicyWritten, { kind: "written" }>,
	again: (status: number, errors: PolicyFormProps["errors"], problem?: string) => Promise<Response>,
): Promise<Response> | Response {
	switch (refusal.kind) {
		case "name_taken":
			return again(409, { name: "There is a policy of this name already." });
		case "full":
			return again(409, { name: isFull(bounds.policies) });
		case "beyond": {
			const [status, why] = whyNotGiven(refusal);
			return again(status, { permissions: why });
		}
		case "unknown_permission":
			return again(400, { permissions: `${refusal.permission} is not there (any more). Choose again.` });
		case "stale":
		case "overtaken":
			return again(409, {}, changedAllTheTime);
		case "unknown":
		case "built_in":
			return notThere(visit, "policy");
	}
}

function policyForm({ frame }: Visit, status: number, form: Omit<PolicyFormProps, "frame">): Response {
	return page(status, policyFormView({ ...form, frame }));
}

function readPolicyText(form: Visit["form"]): {
	values: PolicyFormProps["values"];
	errors: PolicyFormProps["errors"];
	text: operations.PolicyText | null;
} {
	const values = {
		name: form.get("name") ?? "",
		description: form.get("description") ?? "",
		permissions: chosenValues(form, "permissions"),
	};
	const name = readName(values.name);
	const description = readDescription(values.description);
	const errors = {
		...(name === null && { name: nameRule }),
		...(description === null && { description: descriptionRule }),
		...permissionsProblem(values.permissions.length),
	};
	const isGood = name !== null && description !== null && errors.permissions === undefined;
	return { values, errors, text: isGood ? { name, description, permissions: values.permissions } : null };
}

function permissionsProblem(count: number): { readonly permissions?: string } {
	if (count === 0) return { permissions: "Choose at least one permission." };
	return count > bounds.policyPermissions.most ? { permissions: `Choose ${atMost(bounds.policyPermissions)}.` } : {};
}

/** The built-in policy has no page of its own: there is nothing to edit. */
async function findOwn({ services, params, account }: Visit) {
	const id = params.id ?? "";
	return id === builtInPolicy.id ? null : operations.findPolicy(id, account.id, services);
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/policies`;
}
