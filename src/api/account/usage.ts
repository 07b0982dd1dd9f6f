import * as v from "valibot";
import { readUtcSeconds, writeInstant } from "../../domain/instant.ts";
import { deeds, refusalReasons, type UsagePoint, wholeAccount } from "../../domain/usage.ts";
import { isProblem, onceOnly } from "../../http/body.ts";
import { dateTimeSchema, described, instant, titled } from "../../http/described.ts";
import { fieldProblem, problem } from "../../http/problem.ts";
import { json } from "../../http/reply.ts";
import { readUsage } from "../../operations/events/read-usage.ts";
import { endpointFor } from "../guard/access.ts";

const objects = ["key", "client_id", "api"] as const;

const counts = {
	sign_in: described(v.number(), "Sign-ins of people who belong to the account."),
	login: described(v.number(), "Logins by `POST /auth/login`."),
	token: described(v.number(), "Tokens that were handed out, each of a pair by itself."),
	check: described(v.number(), "Access codes and tokens that were found good, whoever asked."),
	refused: described(v.number(), "Refusals."),
};

const usageSchema = titled(
	"Usage",
	v.object({
		by: described(v.picklist(["hour", "day"]), "What each of `points` is."),
		from: instant("When the first of them begins."),
		to: instant("When the last of them ends."),
		totals: described(titled("UsageCounts", v.object(counts)), "What `points` add up to."),
		refusals: described(
			v.array(
				titled(
					"RefusalCount",
					v.object({
						reason: described(v.picklist(refusalReasons), "Why."),
						count: described(v.number(), "How often."),
					}),
				),
			),
			"The refusals by their reason, the most frequent first.",
		),
		points: described(
			v.array(titled("UsagePoint", v.object({ at: instant("When it begins."), ...counts }))),
			"One for each hour or day, those without anything too.",
		),
	}),
);

/** `GET /v1/usage` (usage:read) */
export const usageEndpoint = endpointFor(
	"usage:read",
	async ({ url, services }, { accountId }) => {
		const query = onceOnly(url.searchParams);
		if (isProblem(query)) {
			const { repeated, detail } = query;
			return problem(400, repeated === null ? detail : `${repeated} stands in the query twice.`);
		}
		const by = query.get("by") ?? "hour";
		if (by !== "hour" && by !== "day") return fieldProblem("wrong_query", "by", "by is hour or day.");
		const times = { from: query.get("from"), to: query.get("to") };
		const read = { from: null, to: null } as { from: number | null; to: number | null };
		for (const name of ["from", "to"] as const) {
			const text = times[name];
			if (text === undefined) continue;
			read[name] = readUtcSeconds(text);
			if (read[name] === null) {
				return fieldProblem(
					"wrong_query",
					name,
					"A time is written in UTC, ending in Z or +00:00: 2026-01-31T08:00:00Z.",
				);
			}
		}
		const named = objects.filter((name) => query.get(name) !== undefined);
		if (named.length > 1) return problem(400, "Name one of key, client_id and api, or none for the whole account.");
		const [of] = named;
		const object = (of && query.get(of)) ?? wholeAccount;
		const found = await readUsage({ accountId, object, step: by, from: read.from, before: read.to }, services);
		if (found === "backwards") return fieldProblem("wrong_query", "to", "to is after from.");
		if (found === "too_long") {
			return fieldProblem("wrong_query", "from", "At most 8 days are told by the hour, and 400 by the day.");
		}
		const { from, before, totals, refused, reasons, points } = found;
		return json(200, {
			by,
			from: writeInstant(from),
			to: writeInstant(before),
			totals: { ...totals, refused },
			refusals: reasons,
			points: points.map(({ at, ...point }) => ({ at: writeInstant(at), ...countsOf(point) })),
		});
	},
	{
		tag: "Usage",
		summary: "How often the account, or a key, an integration or an API of it, was used",
		description:
			"By the hour for the last 8 days, by the day (of UTC) for 400. What was done counts within 20 seconds, in the hour in which it was " +
			"done. Without `from` and `to` it tells of the last 24 hours, or 30 days, the present one included. What is not the account's has no " +
			"counts. Of a credential that nobody can say whose it was, nothing is counted.",
		query: {
			by: {
				description: "`hour` or `day`.",
				example: "day",
				schema: { type: "string", enum: ["hour", "day"], default: "hour" },
			},
			from: {
				description: "From the hour or day that this is in, in UTC.",
				example: "2026-01-01T00:00:00Z",
				schema: dateTimeSchema,
			},
			to: { description: "Up to this time, in UTC.", example: "2026-02-01T00:00:00Z", schema: dateTimeSchema },
			key: { description: "An API key's id: what it did alone." },
			client_id: { description: "An integration's: tokens that it got, and checks of those and by it." },
			api: { description: "An API's id: tokens for it, and checks of those and of access codes for it." },
		},
		answers: {
			200: { description: "The counts.", schema: usageSchema },
			400: {
				description:
					"An unknown parameter, a time that is not in UTC, or a span that is too long or ends before it begins.",
			},
		},
	},
);

function countsOf({ deeds: done, refused }: Pick<UsagePoint, "deeds" | "refused">) {
	return { ...Object.fromEntries(deeds.map((deed) => [deed, done[deed]])), refused };
}
