import { sentenceOf } from "../../domain/scope-words.ts";
import { page, seeOther } from "../../http/reply.ts";
import type { Handler } from "../../endpoint/call.ts";
import * as operations from "../../operations/clients/installs.ts";
import { confirmRevokeView } from "./end-integration.tsx";
import { installedView } from "./installed.tsx";
import { problemView } from "../../ui/problem.tsx";
import { logoUrlOf } from "./integrations.ts";
import { noticeOf } from "../frame/notice.ts";
import { inConsole, type Visit } from "../frame/visit.ts";

/** `GET /console/{slug}/installed` */
export const listInstalled: Handler = inConsole("installed", "integrations:read", async (visit) => {
	const { call, account, actor, frame } = visit;
	const base = baseOf(visit);
	const cursor = call.url.searchParams.get("cursor");
	const found = await operations.listInstalls(account.id, { cursor, limit: 25 }, call.services);
	if (!found) return seeOther(base);
	return page(
		200,
		installedView({
			frame,
			notice: noticeOf(call.url, { revoked: "Its access has ended." }),
			now: call.services.now(),
			rows: found.rows.map((install) => ({
				id: install.grantId,
				name: install.client.name,
				logoUrl: install.client.hasLogo ? logoUrlOf(install.client.id) : null,
				ownerName: install.client.ownerName,
				permissions: install.permitted.map(sentenceOf),
				personName: install.person?.name ?? null,
				installedAt: install.createdAt,
				expiresAt: install.expiresAt,
				revokeUrl: operations.mayEnd(install, actor) ? `${base}/${install.grantId}/revoke` : null,
			})),
			nextUrl: found.next === null ? null : `${base}?cursor=${encodeURIComponent(found.next)}`,
		}),
	);
});

/** `GET /console/{slug}/installed/{grant_id}/revoke` */
export const askToRevoke: Handler = inConsole("installed", "integrations:read", async (visit) => {
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
export const revokeInstalled: Handler = inConsole("installed", "integrations:read", async (visit) => {
	const install = await installOf(visit);
	if (install instanceof Response) return install;
	await operations.endInstall(install, visit.actor, visit.call.services);
	return seeOther(`${baseOf(visit)}?done=revoked`);
});

async function installOf({ call, account, actor }: Visit): Promise<operations.Installed | Response> {
	const install = await operations.findInstall(call.params.grant_id ?? "", account.id, call.services);
	if (!install) {
		const detail = "This is not installed here, or its access has ended already.";
		return page(404, problemView({ title: "Not installed", detail, what: null }));
	}
	if (operations.mayEnd(install, actor)) return install;
	const detail = "Somebody else installed it. Ask them, or an administrator of the account.";
	return page(403, problemView({ title: "Not for your role", detail, what: null }));
}

function baseOf({ account }: Visit): string {
	return `/console/${account.slug}/installed`;
}
