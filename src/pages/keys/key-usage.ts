import { page } from "../../http/reply.ts";
import { usageFor } from "../frame/usage.ts";
import { keyUsageView } from "./key-usage.tsx";
import { editorOf, ofKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id/usage?by=&to=` */
export const keyUsagePage = ofKey("usage:read", async (visit) => {
	const { frame, shown, key, account } = visit;
	const of = { accountId: account.id, object: key.row.id };
	const usage = await usageFor(of, `${editorOf(visit)}/usage`, visit);
	return page(200, keyUsageView({ frame, key: shown, usage }));
});
