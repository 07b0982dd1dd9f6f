import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import type { Alert } from "../../domain/alert.ts";
import { alertTitles, describeAlert } from "../../domain/alert-words.ts";
import { described, instant, titled } from "../../http/described.ts";

export const alertSchema = titled(
	"Alert",
	v.object({
		id: described(v.string(), "Its id."),
		kind: described(v.string(), "What was noticed, as a word."),
		title: described(v.string(), "The same for people."),
		description: described(v.string(), "What happened, in a sentence."),
		subject: described(v.string(), "Whose credential it was about."),
		target: v.nullable(described(v.string(), "What it was used on.")),
		count: described(v.number(), "How often in that hour."),
		first_seen: instant("When first."),
		last_seen: instant("When last."),
		detail: described(v.record(v.string(), v.union([v.string(), v.number()])), "What else is known of it."),
		acknowledged_at: v.nullable(instant("When somebody said that they saw to it; null while it is new.")),
		acknowledged_by: v.nullable(described(v.string(), "The id of whoever did.")),
	}),
);

export function alertAnswer(alert: Alert) {
	const { id, kind, subject, target, count, firstAt, lastAt, detail, acknowledged } = alert;
	return {
		id,
		kind,
		title: alertTitles[kind],
		description: describeAlert(alert).what,
		subject,
		target: target === "" ? null : target,
		count,
		first_seen: writeInstant(firstAt),
		last_seen: writeInstant(lastAt),
		detail,
		acknowledged_at: acknowledged && writeInstant(acknowledged.at),
		acknowledged_by: acknowledged && acknowledged.by,
	};
}
