import { loginStartOf } from "../../domain/client.ts";
import { sentenceOf } from "../../domain/scope-words.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/clients/installs.ts";
import { visibleTo } from "../../operations/targets.ts";
import { confirmRevokeView } from "./end-integration.tsx";
import { installedView } from "./installed.tsx";
import { logoUrlOf } from "./integrations.ts";
import { doneAt } from "../frame/address.ts";
import { around, cleanAddress, readList, searchPage } from "../frame/list.ts";
import { notForRole, notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/{slug}/installed` */
export const installedPage = inConsole("installed", "integrations:read", async (visit) => {
	const { services, url, account, actor, frame } = visit;
	const list = readList(operations.installList, url);
	const { asked, cursor } = list;
	const clean = cleanAddress(url, list);
	if (clean) return clean;
	const found = asked && (await operations.listInstalls(actor, { ...asked, cursor, limit: 25 }, services));
	if (asked && !found) return notThere(visit);
	const apis = await visibleTo(account.id, services);
	return page(
		asked ? 200 : 400,
		installedView({
			frame,
			...around(operations.installList, url, list, found),
			rows: (found?.rows ?? []).map((install) => ({
				id: install.grantId,
				name: install.client.name,
				logoUrl: install.client.hasLogo ? logoUrlOf(install.client.id) : null,
				ownerName: install.client.ownerName,
				loginUrl: loginStartOf(install.client, services.config.issuer),
				permissions: install.permitted.map((value) => sentenceOf(value, apis)),
				personName: install.person?.name ?? null,
				installedAt: install.createdAt,
				isPending: install.isPending,
				expiresAt: install.expiresAt,
				revokeUrl: operations.mayEnd(install, actor) ? `${baseOf(visit)}/${install.grantId}/revoke` : null,
			})),
		}),
	);
});

/** `POST /console/{slug}/installed`: the search, sent so that a secret that is pasted comes into no address. */
export const searchInstalledPage = searchPage("installed", "integrations:read", operations.installList);

/** `GET /console/{slug}/installed/{grant_id}/revoke` */
export const revocationPage = inConsole("installed", "integrations:read", async (visit) => {
	const install = await installOf(visit);
	if (install instanceof Response) return install;
	const base = baseOf(visit);
	return page(
		200,
		confirmRevokeView({
			frame: visit.frame,
			name: install.client.name,
			personName: install.person?.name ?? null,
			action: `${base}/${install.grantId}/revoke`,
			cancelUrl: base,
		}),
	);
});

/** `POST /console/{slug}/installed/{grant_id}/revoke` */
export const revokePage = inConsole("installed", "integrations:read", async (visit) => {
	const install = await installOf(visit);
	if (install instanceof Response) return install;
	const ended = await operations.endInstall(install, visit.actor, visit.services);
	return ended === "ended" ? doneAt(baseOf(visit), "revoked") : notThere(visit, "installation");
});

async function installOf(visit: Visit): Promise<operations.Installed | Response> {
	const { services, params, account, actor } = visit;
	const install = await operations.findInstall(params.grant_id ?? "", account.id, services);
	if (!install) return notThere(visit, "installation");
	if (operations.mayEnd(install, actor)) return install;
	return notForRole(visit, "Somebody else installed it. Ask them, or an administrator of the account.");
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/installed`;
}
