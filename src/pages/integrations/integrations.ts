import { bounds, isFull } from "../../domain/bounds.ts";
import { liveSecrets } from "../../domain/client-change.ts";
import { authenticationOf, toDraft } from "../../domain/client-draft.ts";
import { editableOptions } from "../../domain/client-option-values.ts";
import { asksOnDevices, type Client, managesItself, optionsInForce } from "../../domain/client.ts";
import { splitScope } from "../../domain/identity.ts";
import { sentenceOf } from "../../domain/scope-words.ts";
import { readMultipart } from "../../http/multipart.ts";
import { visibleTo } from "../../operations/targets.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/clients/integrations.ts";
import { clientSecretView } from "./client-secret.tsx";
import { type IntegrationFormProps, integrationFormView } from "./integration-form.tsx";
import { integrationView, type ShownOptions } from "./integration.tsx";
import { integrationsView } from "./integrations.tsx";
import {
	blankValues,
	conflictErrors,
	draftOf,
	errorsOf,
	apiOptions,
	identityOptions,
	keptValues,
	permissionOptions,
	readValues,
	typeLabels,
	typeOf,
	valuesOf,
} from "./integration-form.ts";
import { doneAt } from "../frame/address.ts";
import { around, cleanAddress, readList, searchPage } from "../frame/list.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThere } from "../frame/refusal.ts";
import { usageFor } from "../frame/usage.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/{slug}/integrations` */
export const integrationsPage = inConsole("integrations", "integrations:read", async (visit) => {
	const { services, url, account, frame } = visit;
	const base = integrationsUrl(visit);
	const list = readList(operations.integrationList, url);
	const { asked, cursor } = list;
	const clean = cleanAddress(url, list);
	if (clean) return clean;
	const found = asked && (await operations.listIntegrations(account.id, { ...asked, cursor, limit: 25 }, services));
	if (asked && !found) return notThere(visit);
	return page(
		asked ? 200 : 400,
		integrationsView({
			frame,
			...around(operations.integrationList, url, list, found),
			newUrl: may(visit, "integrations:write") ? `${base}/new` : null,
			rows: (found?.rows ?? []).map((client) => ({
				id: client.id,
				url: `${base}/${client.id}`,
				name: client.name,
				logoUrl: client.hasLogo && client.state === "active" ? logoUrlOf(client.id) : null,
				type: typeLabels[typeOf(toDraft({ ...client, logoSvg: null }))],
				redirectUrls: client.redirectUris,
				isEnded: client.state === "ended",
			})),
		}),
	);
});

/** `POST /console/{slug}/integrations`: the search, sent so that a secret that is pasted comes into no address. */
export const searchIntegrationsPage = searchPage("integrations", "integrations:read", operations.integrationList);

/** `GET /console/{slug}/integrations/new` */
export const newIntegrationPage = inConsole("integrations", "integrations:write", async (visit) => {
	const [hidden, form] = await Promise.all([operations.newFormSeed(visit.services), formOf(visit, null)]);
	return page(200, integrationFormView({ ...form, hidden: { ...hidden }, values: blankValues }));
});

/** `POST /console/{slug}/integrations/new`, a form with a file in it. */
export const createIntegrationPage = inConsole(
	"integrations",
	"integrations:write",
	async (visit) => {
		const { services, form, actor, frame } = visit;
		const values = readValues(form, null);
		const seed = { id: form.get("id") ?? "", seed: form.get("seed") ?? "" };
		const again = async (status: number, errors: IntegrationFormProps["errors"], hidden = seed) => {
			const drawn = await formOf(visit, null);
			return page(status, integrationFormView({ ...drawn, hidden, values: keptValues(values), errors }));
		};
		const refused = await refusedProof(visit);
		if (refused) {
			const [status, error, headers] = refused;
			const drawn = { ...(await formOf(visit, null)), proof: await proofAgain(visit, error) };
			return page(status, integrationFormView({ ...drawn, hidden: seed, values: keptValues(values) }), headers);
		}
		const created = await operations.createIntegration(draftOf(values, {}), seed, actor, services);
		switch (created.kind) {
			case "created": {
				const { client, secret } = created;
				const installUrl = client.kind === "integration" ? installUrlOf(visit, client.id) : null;
				const backUrl = `${integrationsUrl(visit)}/${client.id}`;
				const title = "It is registered";
				return page(200, clientSecretView({ frame, title, clientId: client.id, secret, installUrl, backUrl }));
			}
			case "invalid":
				return again(400, errorsOf(created.problems));
			case "name_taken":
				return again(409, nameTaken);
			case "full":
				return again(409, { name: isFull(bounds.clients) });
			case "beyond":
				return again(403, beyond);
			case "stale_form": {
				const name = "This form was used before. Look again, and send it once more if you want another one.";
				return again(409, { name }, { ...(await operations.newFormSeed(services)) });
			}
		}
	},
	readMultipart,
);

/** `GET /console/{slug}/integrations/{client_id}` */
export const integrationPage = inConsole("integrations", "integrations:read", async (visit) => {
	const { services, params, account, frame } = visit;
	const found = await operations.findIntegration(params.client_id ?? "", account.id, services);
	if (!found) return notThere(visit, "integration");
	const { client, grants } = found;
	const apis = await visibleTo(account.id, services);
	const say = (value: string) => sentenceOf(value, apis);
	const draft = toDraft(client);
	const isAlone = draft.actsForItself && client.redirectUris.length === 0 && !asksOnDevices(client);
	const url = `${integrationsUrl(visit)}/${client.id}`;
	const isActive = client.state === "active";
	const mayWrite = isActive && may(visit, "integrations:write");
	return page(
		200,
		integrationView({
			frame,
			id: client.id,
			name: client.name,
			description: client.description,
			type: typeLabels[typeOf(draft)],
			logoUrl: client.logoSvg !== null && isActive ? logoUrlOf(client.id) : null,
			redirectUrls: client.redirectUris,
			permissions: splitScope(client.scope).access.map(say),
			identity: splitScope(client.scope).identity.map(say),
			actsForItself: draft.actsForItself,
			isAlone,
			rotation: client.rotation,
			tokenLife: lifeInWords(client.accessTokenTtl),
			secrets: draft.authentication === "client_secret" ? liveSecrets(client, services.now()) : null,
			options: shownOptions(client, isAlone),
			installUrl: client.kind === "integration" && isActive ? installUrlOf(visit, client.id) : null,
			installed: grants === 0 ? null : timesInWords(found),
			endedAt: isActive ? null : client.notBefore,
			managesItself: managesItself(client),
			endRegistrationUrl: mayWrite && managesItself(client) ? `${url}/registration/end` : null,
			editUrl: mayWrite ? `${url}/edit` : null,
			rotateUrl: mayWrite ? `${url}/secret` : null,
			endPreviousUrl: mayWrite ? `${url}/secret/end` : null,
			endTokensUrl: isActive && may(visit, "integrations:delete") ? `${url}/tokens/end` : null,
			deleteUrl: isActive && may(visit, "integrations:delete") ? `${url}/delete` : null,
			usage: may(visit, "usage:read") ? await usageFor({ accountId: account.id, object: client.id }, url, visit) : null,
		}),
	);
});

/** `GET /console/{slug}/integrations/{client_id}/edit` */
export const integrationFormPage = inConsole("integrations", "integrations:write", async (visit) => {
	const client = await activeClient(visit);
	if (!client) return notThere(visit, "integration");
	const values = valuesOf(client);
	const form = await formOf(visit, client);
	return page(200, integrationFormView({ ...form, values, hidden: await drawnFrom(values) }));
});

/** `POST /console/{slug}/integrations/{client_id}/edit`, a form with a file in it. */
export const editIntegrationPage = inConsole(
	"integrations",
	"integrations:write",
	async (visit) => {
		const { services, form, actor, params } = visit;
		const id = params.client_id ?? "";
		const settled = (now: Client) => settle(form, readValues(form, valuesOf(now)), valuesOf(now));
		const edit = async (now: Client) => {
			const { conflicts, values } = await settled(now);
			return isConflict(conflicts) ? "stale" : draftOf(values, toDraft(now).options);
		};
		const changed = await operations.editIntegration(id, edit, actor, services);
		const again = async (status: number, said: Partial<IntegrationFormProps>) => {
			const client = await activeClient(visit);
			if (!client) return notThere(visit, "integration");
			const values = keptValues(readValues(form, valuesOf(client)));
			const drawn = await formOf(visit, client);
			return page(status, integrationFormView({ ...drawn, values, hidden: drawnOf(form), ...said }));
		};
		switch (changed.kind) {
			case "changed":
				return doneAt(`${integrationsUrl(visit)}/${id}`, "saved");
			case "stale": {
				const { conflicts, values } = await settled(changed.client);
				const hidden = await drawnFrom(valuesOf(changed.client));
				const said = { hidden, errors: conflictErrors(conflicts), problem: savedMeanwhile };
				return again(409, { ...said, values: keptValues(values) });
			}
			case "overtaken":
				return again(409, { problem: changedAllTheTime });
			case "invalid":
				return again(400, { errors: errorsOf(changed.problems) });
			case "name_taken":
				return again(409, { errors: nameTaken });
			case "refused":
				return changed.reason === "beyond" ? again(403, { errors: beyond }) : notThere(visit, "integration");
			case "unknown":
				return notThere(visit, "integration");
		}
	},
	readMultipart,
);

const nameTaken = { name: "The account has an integration of that name." };
const beyond = { acts_for_itself: "It would act for itself with permissions that you do not have." };

async function formOf(visit: Visit, client: { id: string; logoSvg: string | null } | null) {
	const apis = await visibleTo(visit.account.id, visit.services);
	const base = integrationsUrl(visit);
	return {
		frame: visit.frame,
		title: client ? "Edit the integration" : "Register an integration",
		action: client ? `${base}/${client.id}/edit` : `${base}/new`,
		cancelUrl: client ? `${base}/${client.id}` : base,
		isNew: client === null,
		hidden: {},
		errors: {},
		problem: null,
		permissions: permissionOptions,
		apis: apis.filter((api) => api.permissions.length > 0).map(apiOptions),
		identity: identityOptions,
		options: editableOptions,
		logoUrl: client?.logoSvg ? logoUrlOf(client.id) : null,
		proof: client ? null : await proofAgain(visit),
	};
}

/** The client of the address, where it is the account's and has not ended. */
export async function activeClient({ services, params, account }: Visit) {
	const found = await operations.findIntegration(params.client_id ?? "", account.id, services);
	return found?.client.state === "active" ? found.client : null;
}

export function integrationsUrl({ frame }: Visit): string {
	return `${frame.base}/integrations`;
}

export function timesInWords({ installs, accounts }: { installs: number; accounts: number }): string {
	const times = installs === 1 ? "once" : `${installs} times`;
	return `${times}, in ${accounts === 1 ? "one account" : `${accounts} accounts`}`;
}

function may({ actor }: Visit, permission: string): boolean {
	return actor.permissions.includes(permission);
}

function installUrlOf({ services }: Visit, id: string): string {
	return `${services.config.issuer}/integrations/${id}`;
}

export function logoUrlOf(id: string): string {
	return `/integrations/${id}/logo.svg`;
}

/** RFC 6749 §4.4 knows no person, and so no PKCE, no id_token and no way back. */
const ofAccessTokens = new Set([
	"profile",
	"dpopBoundAccessTokens",
	"accessTokenAlg",
	"defaultResource",
	"resources",
	"tokenExchangeApis",
]);

function shownOptions(client: Client, isAlone: boolean): ShownOptions {
	const options = optionsInForce(client);
	const { jwks, jwksUri = null } = options;
	return {
		stated: editableOptions
			.filter(({ of }) => of === "client" || (of !== "keys" && client.kind === "application"))
			.filter(({ key }) => !isAlone || ofAccessTokens.has(key))
			.map(({ key, name, label, preset, control }) => {
				const value = options[key] ?? preset;
				const chosen = control.kind === "choice" && control.options.find((each) => each.value === value);
				return { name, label, value: chosen ? chosen.label : value };
			})
			// What nobody chose.
			.filter(({ value }) => value !== null),
		keys:
			client.kind === "application" && authenticationOf(client) === "private_key_jwt"
				? { count: jwks?.keys.length ?? null, url: jwksUri }
				: null,
	};
}

function lifeInWords(ttl: number): string {
	const [size, unit] =
		ttl % 3600 === 0
			? ([3600, "hour"] as const)
			: ttl % 60 === 0
				? ([60, "minute"] as const)
				: ([1, "second"] as const);
	const amount = ttl / size;
	return `${amount} ${unit}${amount === 1 ? "" : "s"}`;
}
