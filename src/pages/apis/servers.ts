import type { ClientDraft } from "../../domain/client-draft.ts";
import type { Api } from "../../domain/api.ts";
import { atMost, bounds, isFull } from "../../domain/bounds.ts";
import { page } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import { type ApiEdited, editApi } from "../../operations/apis/apis.ts";
import * as integrations from "../../operations/clients/integrations.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, changesOf, drawnFrom, drawnOf, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { clientSecretView } from "../integrations/client-secret.tsx";
import { type ApiVisit, mayNoMore, noApi, ownApiPages } from "./api-visit.ts";
import { newServerView, serversFormView, type ServersFormProps } from "./servers.tsx";

/** `GET`, `POST …/apis/:id/servers` */
export const serversPage = ownApiPages("apis:write", async (visit, api) => {
	const { form, manager, services, actor, base, frame, isPost, may } = visit;
	const url = `${base}/${api.id}`;
	const clients = actor ? await clientsOf(api, actor, visit) : null;
	const again = (status: number, said: Pick<ServersFormProps, "fields" | "chosen"> & Partial<ServersFormProps>) =>
		page(
			status,
			serversFormView({
				frame,
				api: api.name,
				action: `${url}/servers`,
				cancel: url,
				problem: null,
				errors: {},
				clients,
				newUrl: actor && may("integrations:write") ? `${url}/servers/new` : null,
				...said,
			}),
		);
	if (!isPost) return again(200, { fields: await drawnFrom(fieldsOf(api)), chosen: api.servers });
	const chosen = clients ? chosenValues(form, "servers") : linesOf(form.get("servers") ?? "");
	const settled = (now: Api) => settle(form, { servers: chosen }, fieldsOf(now));
	const edit = async (now: Api) => changesOf(await settled(now), { servers: chosen });
	const edited = await editApi(api.id, { isForced: false, edit }, manager, services);
	if (edited.kind === "stale") {
		const { values, conflicts } = await settled(edited.api);
		const fields = await drawnFrom(fieldsOf(edited.api));
		return again(409, { fields, chosen: values.servers, errors: conflicts, problem: savedMeanwhile });
	}
	if (edited.kind === "written") return doneAt(url, "servers");
	return refuse(visit, edited, (status, errors, problem = null) =>
		again(status, { fields: drawnOf(form), chosen, errors, problem }),
	);
});

/** `GET`, `POST …/apis/:id/servers/new`: an application with a secret, to which nobody is sent. */
export const newServerPage = ownApiPages("apis:write", async (visit, api) => {
	const { form, services, actor, base, frame, isPost, may } = visit;
	if (!actor) return noApi(visit);
	if (!may("integrations:write")) return notForRole(visit, "This needs the permission integrations:write.");
	const url = `${base}/${api.id}`;
	const name = isPost ? (form.get("name") ?? "") : `${api.name} server`;
	const seed = isPost
		? { id: form.get("id") ?? "", seed: form.get("seed") ?? "" }
		: { ...(await integrations.newFormSeed(services)) };
	const again = (status: number, errors: { name?: string }, problem: string | null = null) => {
		const asked = { action: `${url}/servers/new`, cancel: `${url}/servers`, fields: seed };
		return page(status, newServerView({ frame, api: api.name, name, errors, problem, ...asked }));
	};
	if (!isPost) return again(200, {});
	if (api.servers.length >= bounds.apiServers.most && !api.servers.includes(seed.id)) {
		return again(409, {}, `An API has ${atMost(bounds.apiServers)}.`);
	}
	const created = await integrations.createIntegration(serverDraft(name), seed, actor, services);
	switch (created.kind) {
		case "created":
			break;
		case "invalid":
			return again(400, { name: created.problems.map(({ detail }) => detail).join(" ") });
		case "name_taken":
			return again(409, { name: "The account has an integration of that name." });
		case "full":
			return again(409, { name: isFull(bounds.clients) });
		case "beyond":
			return mayNoMore(visit);
		case "stale_form":
			return sentAlready(visit);
	}
	const { client, secret } = created;
	const edit = ({ servers }: Api) => ({ servers: servers.includes(client.id) ? servers : [...servers, client.id] });
	const edited = await editApi(api.id, { isForced: false, edit }, actor, services);
	// The client is there: whoever reads this finds it among the integrations, and chooses it.
	if (edited.kind !== "written") {
		return refuse(visit, edited, () => refuseVisit(visit, 409, "Not chosen", notChosen));
	}
	const made = { title: "It serves the API", clientId: client.id, secret, installUrl: null };
	return page(200, clientSecretView({ frame, ...made, backUrl: url }));
});

const notChosen =
	"The client was created, but the API changed meanwhile, so that it is not one of its servers yet. Choose it there, and replace its secret, which nobody has seen.";

/** RFC 6749 §4.4: it acts for itself, and is permitted nothing. */
function serverDraft(name: string): ClientDraft {
	return {
		kind: "application",
		isConfidential: true,
		authentication: "client_secret",
		name,
		description: "",
		logoSvg: null,
		redirectUris: [],
		scope: [],
		rotation: "rotate",
		accessTokenTtl: 3600,
		actsForItself: true,
		options: {},
	};
}

/** The first hundred that can prove who they are, and those that serve it already. */
async function clientsOf(api: Api, { accountId }: Actor, { services }: ApiVisit) {
	const active = { q: null, filters: { state: "active", kind: null }, sort: null } as const;
	const found = await integrations.listIntegrations(accountId, { ...active, cursor: null, limit: 100 }, services);
	const listed = (found?.rows ?? [])
		.filter(({ authMethods }) => authMethods.length > 0 && !authMethods.includes("none"))
		.map(({ id, name }) => ({ id, name }));
	const others = api.servers.filter((id) => listed.every((each) => each.id !== id));
	const named = await Promise.all(
		others.map(async (id) => {
			const client = (await integrations.findIntegration(id, accountId, services))?.client;
			return { id, name: client?.state === "active" ? client.name : "A client that has ended" };
		}),
	);
	return [...listed, ...named];
}

function fieldsOf({ servers }: Api) {
	return { servers };
}

function linesOf(text: string): readonly string[] {
	return text.split(/\s+/).filter((line) => line !== "");
}

function refuse(
	visit: ApiVisit,
	refusal: Exclude<ApiEdited, { kind: "written" | "stale" }> | { kind: "stale" },
	again: (status: number, errors: { servers?: string }, problem?: string | null) => Response,
): Response {
	switch (refusal.kind) {
		case "invalid":
			return again(400, { servers: refusal.problems.map(({ detail }) => detail).join(" ") });
		case "not_permitted":
			return mayNoMore(visit);
		case "unknown":
			return noApi(visit);
		default:
			return again(409, {}, changedAllTheTime);
	}
}
