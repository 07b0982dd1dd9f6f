import { alertKinds, isAlertKind } from "../../domain/alert.ts";
import { alertTitles, describeAlert } from "../../domain/alert-words.ts";
import { page } from "../../http/reply.ts";
import { searchAlerts } from "../../operations/events/search.ts";
import { alertsView } from "./alerts.tsx";
import { missingInConsole } from "../frame/missing.ts";
import { inConsole } from "../frame/visit.ts";

const pageSize = 25;

/** `GET /console/:slug/alerts?kind=&cursor=` */
export const showAlerts = inConsole("alerts", "alerts:read", async (visit) => {
	const { call, account, frame } = visit;
	const { url, services } = call;
	const named = url.searchParams.get("kind") ?? "";
	const kind = isAlertKind(named) ? named : null;
	const cursor = url.searchParams.get("cursor");
	const query = { conditions: [], from: null, before: null, cursor, limit: pageSize };
	const found = await searchAlerts(query, kind, account.id, services);
	if (!found) return missingInConsole(visit);
	const next = found.next && new URLSearchParams({ ...(kind && { kind }), cursor: found.next });
	return page(
		200,
		alertsView({
			frame,
			alerts: found.rows.map((alert) => ({ ...alert, title: alertTitles[alert.kind], ...describeAlert(alert) })),
			kinds: Object.keys(alertKinds)
				.filter(isAlertKind)
				.map((value) => ({ value, label: alertTitles[value] })),
			kind: kind ?? "",
			nextUrl: next && `/console/${account.slug}/alerts?${next.toString()}`,
			now: services.now(),
		}),
	);
});
