import type { Alert } from "../../domain/alert.ts";
import { alertTitles, describeAlert } from "../../domain/alert-words.ts";
import { wholeAccount } from "../../domain/usage.ts";
import { page, seeOther } from "../../http/reply.ts";
import { searchAlerts } from "../../operations/events/search.ts";
import { sectionUrl } from "../frame/navigation.tsx";
import { usageFor } from "../frame/usage.ts";
import { inConsole } from "../frame/visit.ts";
import { overviewView } from "./overview.tsx";

/** How many of each are shown. */
const few = 5;

/** `GET /console/:slug?by=&to=`; with `?section=`, on to that one where the person may see it there. */
export const overviewPage = inConsole("overview", "usage:read", async (visit) => {
	const { url, services, account, frame } = visit;
	const asked = url.searchParams.get("section");
	if (asked !== null) return seeOther(sectionUrl(frame, asked));
	const query = { conditions: [], from: null, before: null, cursor: null, limit: few };
	const search = (filter: Parameters<typeof searchAlerts>[1]) => searchAlerts(query, filter, account.id, services);
	const [usage, alerts, codes, keys] = await Promise.all([
		usageFor({ accountId: account.id, object: wholeAccount }, frame.base, visit),
		search({ kind: null, acknowledged: false }),
		search({ kind: "access_code_expiring", acknowledged: false }),
		search({ kind: "api_key_expiring", acknowledged: false }),
	]);
	const expiring = (found: typeof alerts, tab: string) =>
		(found?.rows ?? []).map((alert) => ({ ...shown(alert), url: `${frame.base}/keys/${alert.subject}/${tab}` }));
	return page(
		200,
		overviewView({
			frame,
			usage,
			alerts: alerts?.rows.map(shown) ?? [],
			expiring: [...expiring(keys, "limits"), ...expiring(codes, "codes")],
		}),
	);
});

function shown(alert: Alert) {
	const { id, kind, lastAt } = alert;
	return { id, title: alertTitles[kind], what: describeAlert(alert).what, lastAt };
}
