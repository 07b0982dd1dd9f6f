import { page } from "../../http/reply.ts";
import { cutLink, listLinks, setLinkEnabled } from "../../operations/keys/links.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import { linkCutView } from "./key-deletion.tsx";
import { keyLinksView } from "./key-links.tsx";
import { doneAt, type KeyVisit, missing, noticeOf, ofOwnKey, undoOf } from "./key-visit.ts";

const sentences = {
	disabled: "The link was disabled. The key does not open that account any more.",
	enabled: "The link was enabled.",
	cut: "The link was cut.",
};

/** `GET /console/:slug/keys/:id/links` */
export const showLinks = ofOwnKey("keys:read", async (visit) => {
	const { frame, shown, key, call, base } = visit;
	const { services } = call;
	const links = await listLinks(key, services);
	const names = await Promise.all(links.map(({ accountId }) => accountName(accountId, services)));
	const changed = call.url.searchParams.get("account") ?? "";
	const isThere = links.some((link) => link.accountId === changed) && frame.permissions.includes("keys:write");
	return page(
		200,
		keyLinksView({
			frame,
			key: shown,
			notice: noticeOf(visit, sentences),
			undo: isThere ? undoOf(visit, `${base}/links/${changed}/enabled`) : null,
			links: links.map(({ accountId, createdAt, off }, index) => ({
				accountId,
				account: names[index]?.name ?? "",
				createdAt,
				offByOwner: off.includes("owner"),
				offByLinker: off.includes("linker"),
			})),
			now: services.now(),
		}),
	);
});

/** `POST /console/:slug/keys/:id/links/:linker/enabled` */
export const takeLinkEnabled = ofOwnKey("keys:write", async (visit) => {
	const { form, actor, call, base } = visit;
	const place = placeOf(visit);
	const enabled = form.get("enabled") === "on";
	const edited = await setLinkEnabled(place, enabled, actor, call.services);
	if (edited === "unknown") return missing("link");
	return doneAt(`${base}/links`, enabled ? "enabled" : "disabled", { account: place.accountId });
});

/** `GET /console/:slug/keys/:id/links/:linker/delete` */
export const showLinkCut = ofOwnKey("keys:delete", async (visit) => {
	const { frame, shown, key, call, base } = visit;
	const { accountId } = placeOf(visit);
	const links = await listLinks(key, call.services);
	if (!links.some((link) => link.accountId === accountId)) return missing("link");
	const { name: account } = await accountName(accountId, call.services);
	const action = `${base}/links/${accountId}/delete`;
	return page(200, linkCutView({ frame, name: shown.name, account, action, cancelUrl: `${base}/links` }));
});

/** `POST /console/:slug/keys/:id/links/:linker/delete` (keys:delete) */
export const takeLinkCut = ofOwnKey("keys:delete", async (visit) => {
	const removed = await cutLink(placeOf(visit), visit.actor, visit.call.services);
	return removed === "removed" ? doneAt(`${visit.base}/links`, "cut") : missing("link");
});

function placeOf({ key, call }: KeyVisit) {
	return { keyId: key.row.id, accountId: call.params.linker ?? "" };
}
