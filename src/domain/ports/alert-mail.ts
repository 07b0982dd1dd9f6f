/** Whether an account has its alerts mailed, and to whom. */
import type { AuditEntry } from "../audit-entry.ts";
import type { WriterRole } from "./register.ts";

export interface AlertMail {
	isOn(accountId: string): Promise<boolean>;
	set(
		accountId: string,
		isOn: boolean,
		by: WriterRole,
		entry: AuditEntry,
	): Promise<"set" | "unchanged" | "not_permitted">;
	/** The verified addresses of its administrators, at most `limit`; none where it is off, or the account is not active. */
	recipients(accountId: string, limit: number): Promise<readonly string[]>;
}
