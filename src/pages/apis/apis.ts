import { bounds, isFull } from "../../domain/bounds.ts";
import { randomId } from "../../crypto/random.ts";
import { builtInApiId } from "../../domain/api.ts";
import type { Api } from "../../domain/api.ts";
import type { ApiDraft } from "../../domain/api-draft.ts";
import { apiMetadata, metadataPlace } from "../../domain/api-metadata.ts";
import { ringAlgorithms } from "../../domain/signing-key-ring.ts";
import { page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import * as operations from "../../operations/apis/apis.ts";
import { findIntegration } from "../../operations/clients/integrations.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { changedAllTheTime, changesOf, drawnFrom, drawnOf, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { type ApiVisit, apiPages, mayNoMore, noApi, ownApiPages, visibleApi } from "./api-visit.ts";
import { apiFormView, type ApiFormProps, type ApiValues } from "./api-form.tsx";
import { apisView } from "./apis.tsx";
import { usageFor } from "../frame/usage.ts";
import { apiView } from "./api.tsx";
import { apiDeletionView } from "./removal.tsx";
import { snippetsFor } from "./snippets.ts";

/** `GET …/apis` */
export const apisPage = apiPages("apis:read", async (visit) => {
	const { services, url, frame, manager, base, may } = visit;
	const cursor = url.searchParams.get("cursor");
	const found = await operations.listApis(manager.accountId, { cursor, limit: 25 }, services);
	if (!found) return notThere(visit);
	const isOwn = (api: Api) => api.accountId === manager.accountId;
	const builtIn = cursor === null ? await operations.findApi(builtInApiId, manager.accountId, services) : null;
	const deployments = frame.account ? "deployment" : "own";
	const apis = [
		...(builtIn ? [{ ...builtIn, owner: "built_in" } as const] : []),
		...found.rows.map((api) => ({ ...api, owner: api.accountId === null ? deployments : "own" }) as const),
	];
	// Of a later page somebody has seen what stands before it.
	const hasOwn = cursor !== null || found.rows.some(isOwn) || found.next !== null;
	const next = nextUrl(visit, found.next);
	return page(200, apisView({ frame, base, apis, hasOwn, mayAdd: may("apis:write"), nextUrl: next }));
});

const blank: ApiValues = { identifier: "", name: "", description: "", ttl: "", algorithm: "" };

/** `GET`, `POST …/apis/new` */
export const newApiPage = apiPages("apis:write", async (visit) => {
	const { form, manager, services, base, frame, isPost } = visit;
	const nonce = isPost ? form.get("nonce") : randomId(services.random);
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const values = isPost ? readValues(form) : blank;
	const again = (status: number, errors: ApiFormProps["errors"]) =>
		page(
			status,
			apiFormView({
				frame,
				title: "Register an API",
				action: `${base}/new`,
				cancel: base,
				isNew: true,
				fields: { nonce },
				values,
				errors,
				algorithms: ringAlgorithms,
			}),
		);
	if (!isPost) return again(200, {});
	const { errors, text } = readText(values);
	if (!text) return again(400, errors);
	const draft: ApiDraft = { ...text, identifier: values.identifier, permissions: [], servers: [] };
	const created = await operations.createApi(draft, nonce, manager, services);
	if (created.kind !== "written") return refuseForm(visit, created, again);
	return doneAt(`${base}/${created.api.id}/permissions`, "created");
});

/** `GET …/apis/:id` */
export const apiPage = apiPages("apis:read", async (visit) => {
	const api = await visibleApi(visit);
	if (!api) return noApi(visit);
	const { services, frame, base, manager, may } = visit;
	const { issuer } = services.config;
	const isBuiltIn = api.id === builtInApiId;
	const manages = !isBuiltIn && api.accountId === manager.accountId;
	const { accountId } = manager;
	// Of an API of all, each account is told what was done in it.
	const isCounted = accountId !== null && !isBuiltIn && may("usage:read");
	return page(
		200,
		apiView({
			frame,
			api,
			url: `${base}/${api.id}`,
			owner: isBuiltIn
				? "latchkey itself: it is built in, and nobody changes it."
				: api.accountId === null
					? "The deployment: every account can be given something of it."
					: "This account: its own people alone can be given something of it.",
			lifetime: api.tokenTtl === null ? "as long as the client's" : `${api.tokenTtl} seconds at most`,
			servers: manages ? await serversOf(visit, api) : null,
			mayWrite: manages && may("apis:write"),
			mayDelete: manages && may("apis:delete"),
			metadata: isBuiltIn
				? null
				: {
						json: JSON.stringify(apiMetadata(api, issuer), null, "\t"),
						url: `${issuer}/v1/apis/${api.id}/metadata`,
						place: metadataPlace(api),
					},
			usage: isCounted ? await usageFor({ accountId, object: api.id }, `${base}/${api.id}`, visit) : null,
			snippets: isBuiltIn ? [] : snippetsFor(api, issuer),
		}),
	);
});

/** An operator sees the ids of other accounts' clients, as they named them. */
async function serversOf({ frame, manager, services }: ApiVisit, api: Api) {
	const { accountId } = manager;
	return Promise.all(
		api.servers.map(async (id) => {
			if (accountId === null) return { id, name: id, url: null };
			const found = await findIntegration(id, accountId, services);
			const isThere = found?.client.state === "active";
			return isThere
				? { id, name: found.client.name, url: `${frame.base}/integrations/${id}` }
				: { id, name: null, url: null };
		}),
	);
}

/** `GET`, `POST …/apis/:id/edit` */
export const editApiPage = ownApiPages("apis:write", async (visit, api) => {
	const { form, manager, services, base, frame, isPost } = visit;
	const again = (status: number, said: Pick<ApiFormProps, "fields" | "values" | "errors" | "problem">) =>
		page(
			status,
			apiFormView({
				frame,
				title: "Edit the API",
				action: `${base}/${api.id}/edit`,
				cancel: `${base}/${api.id}`,
				isNew: false,
				algorithms: ringAlgorithms,
				...said,
			}),
		);
	if (!isPost) return again(200, { fields: await drawnFrom(fieldsOf(api)), values: valuesOf(api), errors: {} });
	const typed = { ...readValues(form), identifier: api.identifier };
	const { errors, text } = readText(typed);
	const retry = (status: number, wrong: ApiFormProps["errors"], problem: string | null = null) =>
		again(status, { fields: drawnOf(form), values: typed, errors: wrong, problem });
	if (!text) return retry(400, errors);
	const settled = (now: Api) => settle(form, fieldsIn(typed), fieldsOf(now));
	const edit = async (now: Api) => changesOf(await settled(now), text);
	const edited = await operations.editApi(api.id, { isForced: false, edit }, manager, services);
	if (edited.kind === "written") return doneAt(`${base}/${api.id}`, "saved");
	if (edited.kind !== "stale") return refuseForm(visit, edited, retry);
	const now = await settled(edited.api);
	const { name, description, tokenTtl: ttl, algorithm } = now.values;
	return again(409, {
		fields: await drawnFrom(fieldsOf(edited.api)),
		values: { identifier: api.identifier, name, description, ttl, algorithm },
		errors: { ...now.conflicts, ...("tokenTtl" in now.conflicts && { ttl: now.conflicts.tokenTtl }) },
		problem: savedMeanwhile,
	});
});

/** `GET`, `POST …/apis/:id/delete` */
export const deleteApiPage = ownApiPages("apis:delete", async (visit, api) => {
	const { manager, services, base, frame, isPost } = visit;
	if (!isPost) {
		const names = api.permissions.map(({ name }) => name);
		const use = await operations.usesOf(names, api, services);
		const cancelUrl = `${base}/${api.id}`;
		return page(200, apiDeletionView({ frame, name: api.name, use, action: `${cancelUrl}/delete`, cancelUrl }));
	}
	const deleted = await operations.deleteApi(api.id, { isForced: true, edit: () => ({}) }, manager, services);
	switch (deleted.kind) {
		case "deleted":
			return doneAt(base, "deleted");
		case "not_permitted":
			return mayNoMore(visit);
		case "overtaken":
			return refuseVisit(visit, 409, "Not deleted", changedAllTheTime);
		case "unknown":
		case "stale":
		case "in_use":
			return noApi(visit);
	}
});

/** What of the form can be changed, by the names of the API's members. */
interface Fields {
	readonly name: string;
	readonly description: string;
	readonly tokenTtl: string;
	readonly algorithm: string;
}

function valuesOf({ identifier, name, description, tokenTtl, algorithm }: Api): ApiValues {
	return { identifier, name, description, ttl: tokenTtl === null ? "" : String(tokenTtl), algorithm: algorithm ?? "" };
}

function fieldsIn({ name, description, ttl, algorithm }: ApiValues): Fields {
	return { name, description, tokenTtl: ttl, algorithm };
}

function fieldsOf(api: Api): Fields {
	return fieldsIn(valuesOf(api));
}

function readValues(form: ApiVisit["form"]): ApiValues {
	const text = (name: keyof ApiValues) => form.get(name) ?? "";
	return {
		identifier: text("identifier"),
		name: text("name"),
		description: text("description"),
		ttl: text("ttl").trim(),
		algorithm: text("algorithm"),
	};
}

/** What is no number, or no algorithm, is none of the API's members. Its rules are for the operation. */
function readText({ name, description, ttl, algorithm: said }: ApiValues) {
	const algorithm = ringAlgorithms.find((each) => each === said) ?? null;
	const errors = {
		...(!/^\d{0,15}$/.test(ttl) && { ttl: "Enter a number of seconds, or nothing." }),
		...(said !== "" && algorithm === null && { algorithm: "Choose one of these." }),
	};
	const isGood = Object.keys(errors).length === 0;
	const tokenTtl = ttl === "" ? null : Number(ttl);
	return { errors, text: isGood ? { name, description, tokenTtl, algorithm } : null };
}

/** Where the form has another name than the JSON API. */
const fieldOf = new Map([["access_token_ttl", "ttl"]]);

function refuseForm(
	visit: ApiVisit,
	refusal: Exclude<operations.ApiEdited, { kind: "written" }>,
	again: (status: number, errors: ApiFormProps["errors"], problem?: string) => Response,
): Response {
	switch (refusal.kind) {
		case "invalid": {
			const errors = refusal.problems.map(({ field, detail }) => [fieldOf.get(field) ?? field, detail] as const);
			return again(400, Object.fromEntries(errors));
		}
		case "identifier_taken": {
			const by = refusal.by === null ? "" : ` by ${refusal.by}`;
			return again(409, { identifier: `It is taken${by}, be it in other letters or with a slash.` });
		}
		case "name_taken":
			return again(409, { name: "There is an API of this name already." });
		case "full":
			return again(409, { name: isFull(bounds.apis) });
		case "not_permitted":
			return mayNoMore(visit);
		case "unknown":
			return noApi(visit);
		case "stale":
		case "overtaken":
		// These forms change no permission.
		case "permission_taken":
		case "in_use":
			return again(409, {}, changedAllTheTime);
	}
}
