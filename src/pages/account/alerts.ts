import { alertKinds, isAlertKind } from "../../domain/alert.ts";
import { alertTitles, describeAlert } from "../../domain/alert-words.ts";
import { page } from "../../http/reply.ts";
import { searchAlerts } from "../../operations/events/search.ts";
import { nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { alertsView } from "./alerts.tsx";

/** `GET /console/:slug/alerts?kind=&cursor=` */
export const alertsPage = inConsole("alerts", "alerts:read", async (visit) => {
	const { url, services, account, frame } = visit;
	const named = url.searchParams.get("kind") ?? "";
	const kind = isAlertKind(named) ? named : null;
	const query = { conditions: [], from: null, before: null, cursor: url.searchParams.get("cursor"), limit: 25 };
	const found = await searchAlerts(query, kind, account.id, services);
	if (!found) return notThere(visit);
	return page(
		200,
		alertsView({
			frame,
			alerts: found.rows.map((alert) => ({ ...alert, title: alertTitles[alert.kind], ...describeAlert(alert) })),
			kinds: Object.keys(alertKinds)
				.filter(isAlertKind)
				.map((value) => ({ value, label: alertTitles[value] })),
			kind: kind ?? "",
			nextUrl: nextUrl(visit, found.next, kind ? { kind } : {}),
		}),
	);
});
