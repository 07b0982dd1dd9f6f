import type { ListShape } from "./list-query.ts";

/** The audit log of an account, or of the deployment. It is not counted: what a filter finds may be anywhere in it. */
export const auditList = {
	list: "audit",
	rows: ["entry", "entries"],
	search: null,
	filters: {
		actor: {
			kind: "text",
			label: "Who",
			doc: "The id of who did it, or `anonymous`, `setup`, `system`.",
		},
		action: {
			kind: "text",
			label: "Action",
			doc: "An action (`key.create`), or a noun for all of its actions (`key`).",
			example: "grant",
		},
		target: { kind: "text", label: "On what", doc: "The id of what it was done to." },
		from: { kind: "time", label: "From", doc: "From this time on, in UTC; a day alone is its beginning." },
		to: { kind: "time", label: "Before", doc: "Before this time, in UTC; a day alone is its beginning." },
	},
	sorts: { newest: "Newest first" },
} as const satisfies ListShape;
