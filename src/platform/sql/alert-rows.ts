import type { Alert, AlertKind } from "../../domain/alert.ts";
import { readStored } from "./stored-json.ts";

export interface AlertRow {
	readonly id: string;
	readonly account_id: string;
	readonly kind: AlertKind;
	readonly subject: string;
	readonly target: string;
	readonly count: number;
	readonly first_at: number;
	readonly last_at: number;
	readonly detail: string;
	readonly acknowledged_at: number | null;
	readonly acknowledged_by: string | null;
}

export function toAlert({ account_id, first_at, last_at, acknowledged_at, acknowledged_by, ...row }: AlertRow): Alert {
	const { id, kind, subject, target, count, detail } = row;
	return {
		id,
		accountId: account_id,
		kind,
		subject,
		target,
		count,
		firstAt: first_at,
		lastAt: last_at,
		detail: readStored(detail, {}, { table: "alerts", id }),
		acknowledged: acknowledged_at === null ? null : { at: acknowledged_at, by: acknowledged_by ?? "" },
	};
}
