import type { Alerts } from "../../domain/ports/alerts.ts";
import { type Alert, isCounted, type Sighting, slotOf } from "../../domain/alert.ts";
import { searchRows } from "./search-rows.ts";

export function memoryAlerts(): Alerts {
	const rows = new Map<string, Alert>();
	return {
		async raise(sightings) {
			for (const sighting of structuredClone(sightings)) count(rows, sighting);
		},
		async search(search, kind) {
			const all = [...structuredClone(rows).values()].filter((alert) => kind === null || alert.kind === kind);
			return searchRows(
				all,
				({ id, accountId, detail, firstAt, lastAt, ...alert }) => ({
					at: firstAt,
					id,
					accountId,
					body: JSON.stringify(detail),
					columns: { ...alert, id, first_at: firstAt, last_at: lastAt },
				}),
				search,
			);
		},
		async purge(seenBefore) {
			for (const [key, alert] of rows) if (alert.lastAt < seenBefore) rows.delete(key);
		},
	};
}

function count(rows: Map<string, Alert>, { at, ...sighting }: Sighting): void {
	const { accountId, kind, subject, target } = sighting;
	const key = JSON.stringify([accountId, kind, subject, target, slotOf(kind, at)]);
	const known = rows.get(key);
	if (!known) rows.set(key, { ...sighting, firstAt: at, lastAt: at });
	else if (isCounted(kind)) {
		const { detail } = sighting;
		rows.set(key, { ...known, count: known.count + sighting.count, lastAt: Math.max(known.lastAt, at), detail });
	}
}
