import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, instant, titled } from "../../http/described.ts";
import { readCredential } from "../../http/presented-credential.ts";
import { problem } from "../../http/problem.ts";
import { empty } from "../../http/reply.ts";
import type { Actor } from "../../operations/actor.ts";
import type { Call } from "../../endpoint/call.ts";
import { endpointFor } from "../guard/access.ts";
import { narrowedListEndpoint } from "../list-endpoint.ts";
import * as operations from "../../operations/clients/installs.ts";
import { isOwnLogin } from "../../operations/checks/is-own-login.ts";

const installSchema = titled(
	"Install",
	v.object({
		grant_id: described(v.string(), "The id of the grant, by which it is ended."),
		client_id: described(v.string(), "The client's id."),
		name: described(v.string(), "What the client is called."),
		state: described(v.picklist(["installed", "pending"]), "`pending` while nobody has redeemed a code of it."),
		registered_by: v.nullable(
			described(v.string(), "The account that registered the client; null where it registered itself."),
		),
		installed_by: described(
			titled(
				"Installer",
				v.object({
					id: described(v.string(), "The person's id."),
					name: v.nullable(described(v.string(), "Their name, while they are known here.")),
					username: v.nullable(described(v.string(), "Their user name, while they are known here.")),
				}),
			),
			"Who allowed it.",
		),
		installed_at: instant("When it was allowed."),
		expires_at: instant("When it ends by itself at the latest."),
		scopes: described(v.array(v.string()), "What it may do now."),
	}),
);
/** `GET /v1/installs` (integrations:read) */
export const listInstallsEndpoint = narrowedListEndpoint("integrations:read", {
	tag: "Installed",
	summary: "List what is installed in the account, who installed it, and what it may do",
	rows: "Newest first. What has ended is not there. What one person allowed one client, once or again, is one row, and its `scopes` are those of all that counts. One whose code nobody has redeemed yet is `pending`, and gone with the code, after 3 minutes.",
	name: "InstallList",
	member: "installs",
	schema: installSchema,
	shape: operations.installList,
	find: (query, actor, services) => operations.listInstalls(actor, query, services),
	show: shown,
});

/**
 * `DELETE /v1/installs/{grant_id}` (integrations:delete, or a person's own login token for what they installed
 * themselves).
 */
async function endInstall({ request, url, params, services }: Call, actor: Actor): Promise<Response> {
	const install = await operations.findInstall(params.grant_id ?? "", actor.accountId, services);
	if (!install) return nothingThere();
	const permission = "integrations:delete";
	if (!actor.permissions.includes(permission)) {
		const presented = readCredential(request, url);
		const isOwn = presented.kind === "bearer" && (await isOwnLogin(presented.value, install.subject, services));
		if (!isOwn) {
			const detail = `This needs the permission ${permission}, or the login token of whoever installed it.`;
			return problem(403, detail, { code: "permission_missing", more: { permission } });
		}
	}
	const ended = await operations.endInstall(install, actor, services);
	return ended === "ended" ? empty(204) : nothingThere();
}

function nothingThere(): Response {
	return problem(404, "There is nothing installed under this id.");
}

export const endInstallEndpoint = endpointFor("integrations:read", endInstall, {
	tag: "Installed",
	summary: "End what an integration was allowed",
	description:
		"All that this person allowed it in this account: its next request is refused. Needs `integrations:delete`; a person may end what they installed themselves.",
	answers: {
		204: { description: "Its tokens are good no more." },
		403: { description: "Somebody else installed it, and the permission is missing." },
		404: { description: "There is no such grant in this account, or it has ended." },
	},
});

function shown(install: operations.Installed): v.InferOutput<typeof installSchema> {
	const { grantId, client, person, subject, createdAt, expiresAt, isPending, permitted } = install;
	return {
		grant_id: grantId,
		client_id: client.id,
		name: client.name,
		state: isPending ? "pending" : "installed",
		registered_by: client.ownerName,
		installed_by: { id: subject, name: person?.name ?? null, username: person?.username ?? null },
		installed_at: writeInstant(createdAt),
		expires_at: writeInstant(expiresAt),
		scopes: [...permitted],
	};
}
