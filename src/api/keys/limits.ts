import * as v from "valibot";
import { writeInstant } from "../../domain/instant.ts";
import { described, sentInstant, titled } from "../../http/described.ts";
import { atMost, bounds } from "../../domain/bounds.ts";
import { type KeyLimits, mostUses, ratePeriodNames } from "../../domain/key-limits.ts";
import { readNetwork } from "../../domain/network.ts";
import { fieldProblem } from "../../http/problem.ts";
import type { Services } from "../../operations/services.ts";

// What the use of a key is limited to, as requests and answers have it.

const usesRule = `takes 1 to ${mostUses}`;
const count = v.pipe(
	v.number("is a number"),
	v.integer("takes whole numbers"),
	v.minValue(1, usesRule),
	v.maxValue(mostUses, usesRule),
);
const networkRule = "is a network as 192.0.2.0/24 or 2001:db8::/32, with nothing behind its prefix";

/** What is left out is not limited. */
export const limitsSchema = titled(
	"KeyLimits",
	v.strictObject({
		expires_at: v.optional(sentInstant("When the key ends, whatever its codes say; in the future.")),
		networks: v.optional(
			v.pipe(
				v.array(
					v.pipe(
						v.string("is a network"),
						v.maxLength(64, networkRule),
						v.check((text) => readNetwork(text) !== null, networkRule),
					),
					"is an array of networks",
				),
				v.minLength(1, `takes 1 to ${bounds.keyNetworks.most}`),
				v.maxLength(bounds.keyNetworks.most, `takes ${atMost(bounds.keyNetworks)}`),
				v.description("The networks that it may be used from: CIDR, of IPv4 and IPv6."),
				v.transform((given) => [...new Set(given.map((text) => readNetwork(text) ?? ""))]),
			),
		),
		rate: v.optional(
			described(
				titled(
					"KeyRate",
					v.strictObject({
						uses: v.pipe(count, v.description("How often.")),
						per: described(v.picklist(ratePeriodNames, "is minute, hour or day"), "In which period."),
					}),
				),
				"How often it may be used in a period, which begins with its first use.",
			),
		),
		uses: v.optional(v.pipe(count, v.description("How often it may be used, from now on."))),
	}),
);

type Limits = v.InferOutput<typeof limitsSchema>;

/** An end that has come is a slip: the key would be switched off by another name, and for whoever made it. */
export function readLimits(
	{ expires_at: expiresAt, networks, rate, uses }: Limits,
	{ now }: Services,
): KeyLimits | "past" {
	if (expiresAt !== undefined && expiresAt <= now()) return "past";
	return {
		...(expiresAt !== undefined && { expiresAt }),
		...(networks && { networks }),
		...(rate && { rate }),
		...(uses !== undefined && { uses }),
	};
}

export function expiryPast(): Response {
	return fieldProblem("wrong_members", "limits", "The key would have ended already: name an instant in the future.");
}

export function showLimits({ expiresAt, networks, rate, uses }: KeyLimits): v.InferInput<typeof limitsSchema> {
	return {
		...(expiresAt !== undefined && { expires_at: writeInstant(expiresAt) }),
		...(networks && { networks: [...networks] }),
		...(rate && { rate }),
		...(uses !== undefined && { uses }),
	};
}
