import { page } from "../../http/reply.ts";
import { cutLink, listLinks, setLinkEnabled } from "../../operations/keys/links.ts";
import { accountName } from "../../operations/keys/manage-key.ts";
import { doneAt } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { linkCutView } from "./key-deletion.tsx";
import { keyLinksView } from "./key-links.tsx";
import { editorOf, idOf, ofOwnKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id/links` */
export const linksPage = ofOwnKey("keys:read", async (visit) => {
	const { frame, shown, key, services, url } = visit;
	const links = await listLinks(key, services);
	const names = await Promise.all(links.map(({ accountId }) => accountName(accountId, services)));
	return page(
		200,
		keyLinksView({
			frame,
			key: shown,
			changed: url.searchParams.get("account"),
			links: links.map(({ accountId, createdAt, off }, index) => ({
				accountId,
				account: names[index]?.name ?? "",
				createdAt,
				offByOwner: off.includes("owner"),
				offByLinker: off.includes("linker"),
			})),
		}),
	);
});

/** `POST /console/:slug/keys/:id/links/:linker/enabled` */
export const switchLinkPage = inConsole("keys", "keys:write", async (visit) => {
	const place = placeOf(visit);
	const enabled = visit.form.get("enabled") === "on";
	const edited = await setLinkEnabled(place, enabled, visit.actor, visit.services);
	if (edited === "unknown") return notThere(visit, "link");
	return doneAt(`${editorOf(visit)}/links`, enabled ? "enabled" : "disabled", { account: place.accountId });
});

/** `GET /console/:slug/keys/:id/links/:linker/delete` */
export const linkCutPage = ofOwnKey("keys:delete", async (visit) => {
	const { frame, shown, key, services } = visit;
	const { accountId } = placeOf(visit);
	const links = await listLinks(key, services);
	if (!links.some((link) => link.accountId === accountId)) return notThere(visit, "link");
	const { name: account } = await accountName(accountId, services);
	const cancelUrl = `${editorOf(visit)}/links`;
	const action = `${cancelUrl}/${accountId}/delete`;
	return page(200, linkCutView({ frame, name: shown.name, account, action, cancelUrl }));
});

/** `POST /console/:slug/keys/:id/links/:linker/delete` (keys:delete) */
export const cutLinkPage = inConsole("keys", "keys:delete", async (visit) => {
	const removed = await cutLink(placeOf(visit), visit.actor, visit.services);
	return removed === "removed" ? doneAt(`${editorOf(visit)}/links`, "cut") : notThere(visit, "link");
});

function placeOf(visit: Visit) {
	return { keyId: idOf(visit), accountId: visit.params.linker ?? "" };
}
