import { readUtcSeconds, writeInstant } from "../../domain/instant.ts";
import { alertKinds, isAlertKind } from "../../domain/alert.ts";
import { alertTitles, describeAlert } from "../../domain/alert-words.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/events/alerts.ts";
import { searchAlerts } from "../../operations/events/search.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole, type Visit } from "../frame/visit.ts";
import { type AlertState, alertStates, alertsView } from "./alerts.tsx";

/** `GET /console/:slug/alerts?state=&kind=&cursor=` */
export const alertsPage = inConsole("alerts", "alerts:read", async (visit) => {
	const { url, services, account, frame } = visit;
	const shown = shownBy(url.searchParams);
	const acknowledged = shown.state === "all" ? null : shown.state === "acknowledged";
	const query = { conditions: [], from: null, before: null, cursor: url.searchParams.get("cursor"), limit: 25 };
	const found = await searchAlerts(query, { kind: shown.kind, acknowledged }, account.id, services);
	if (!found) return notThere(visit);
	const names = await operations.acknowledgers(found.rows, account.id, services);
	return page(
		200,
		alertsView({
			frame,
			alerts: found.rows.map((alert) => ({
				...alert,
				title: alertTitles[alert.kind],
				...describeAlert(alert),
				acknowledged: alert.acknowledged && {
					at: alert.acknowledged.at,
					by: names.get(alert.acknowledged.by) ?? null,
				},
			})),
			kinds: Object.keys(alertKinds)
				.filter(isAlertKind)
				.map((value) => ({ value, label: alertTitles[value] })),
			kind: shown.kind ?? "",
			state: shown.state,
			seenBy: writeInstant(frame.now),
			nextUrl: nextUrl(visit, found.next, addressed(shown)),
		}),
	);
});

/** `POST …/alerts/:id/acknowledge` */
export const acknowledgePage = inConsole("alerts", "alerts:write", async (visit) => {
	const alert = await operations.acknowledgeAlert(visit.params.id ?? "", visit.actor, visit.services);
	return alert ? backTo(visit, "acknowledged") : notThere(visit, "alert");
});

/** `POST …/alerts/:id/reopen` */
export const reopenPage = inConsole("alerts", "alerts:write", async (visit) => {
	const alert = await operations.reopenAlert(visit.params.id ?? "", visit.actor, visit.services);
	return alert ? backTo(visit, "reopened") : notThere(visit, "alert");
});

/** `POST …/alerts/acknowledge`: of what was there when the page was drawn. */
export const acknowledgeAllPage = inConsole("alerts", "alerts:write", async (visit) => {
	const { kind } = shownBy(visit.form);
	const seenBy = readUtcSeconds(visit.form.get("seen_by") ?? "") ?? 0;
	await operations.acknowledgeAlerts({ kind, seenBy }, visit.actor, visit.services);
	return backTo(visit, "acknowledged_all");
});

/** The list as it was shown. */
function backTo({ frame, form }: Visit, done: string): Response {
	return doneAt(`${frame.base}/alerts`, done, addressed(shownBy(form)));
}

function shownBy(given: { get(name: string): string | null | undefined }) {
	const [kind, state] = [given.get("kind") ?? "", given.get("state") ?? ""];
	return { kind: isAlertKind(kind) ? kind : null, state: isState(state) ? state : ("new" as const) };
}

function addressed({ kind, state }: ReturnType<typeof shownBy>): Record<string, string> {
	return { ...(state !== "new" && { state }), ...(kind && { kind }) };
}

function isState(text: string): text is AlertState {
	return alertStates.some((state) => state === text);
}
