/** All that is kept of an account, without what opens anything: for whoever takes it along before it is deleted. */

/** In the order in which a file has them. */
export const exportParts = [
	"people",
	"invitations",
	"clients",
	"environments",
	"policies",
	"apis",
	"trusted_issuers",
	"sign_in_providers",
	"account_domains",
	"webhook_endpoints",
	"keys",
	"access_codes",
	"links",
	"installs",
	"audit",
	"events",
	"alerts",
	"usage_hours",
	"usage_days",
] as const;
export type ExportPart = (typeof exportParts)[number];

/** JSON. */
export type ExportedRow = Readonly<Record<string, unknown>> & { readonly id: string | number };

export interface AccountExport {
	/** At most `limit` rows from the one after `after`, null for the first. In an order of its own, always the same. */
	part(accountId: string, part: ExportPart, after: ExportedRow | null, limit: number): Promise<readonly ExportedRow[]>;
}
