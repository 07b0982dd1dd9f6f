import { atMost, bounds } from "../../domain/bounds.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type KeyLimits, mostUses, ratePeriodNames } from "../../domain/key-limits.ts";
import { readNetwork } from "../../domain/network.ts";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import type { LimitValues } from "./limit-fields.tsx";

// The limits of a key between their form and the domain.

/** Where there is no rate. */
const anyPeriod = "hour";

export function typedLimits(form: ReadonlyMap<string, string>): LimitValues {
	const typed = (name: keyof LimitValues) => form.get(name) ?? "";
	return {
		expires: typed("expires"),
		networks: typed("networks"),
		rate: typed("rate"),
		per: form.get("per") ?? anyPeriod,
		uses: typed("uses"),
	};
}

const day: Seconds = 86_400;

/** As the form shows them. */
export function limitValuesOf(limits: KeyLimits | undefined): LimitValues {
	const { expiresAt, networks = [], rate, uses } = limits ?? {};
	return {
		expires: expiresAt === undefined ? "" : new Date((expiresAt - 1) * 1000).toISOString().slice(0, 10),
		networks: networks.join("\n"),
		rate: rate ? String(rate.uses) : "",
		per: rate?.per ?? anyPeriod,
		uses: uses === undefined ? "" : String(uses),
	};
}

interface Read {
	readonly errors: FieldErrors<keyof LimitValues>;
	/** Null where something is wrong. */
	readonly read: KeyLimits | null;
}

/** What the form says, or what is wrong with it. */
export function readLimits(values: LimitValues, now: Seconds): Read {
	const expires = values.expires.trim();
	const lastDay = /^\d{4}-\d{2}-\d{2}$/.test(expires) ? Date.parse(`${expires}T00:00:00Z`) / 1000 : Number.NaN;
	const expiresAt = expires === "" ? undefined : lastDay + day;
	const texts = values.networks.split(/[\s,]+/).filter((text) => text !== "");
	const networks = texts.map(readNetwork);
	const wrong = texts.find((_, index) => networks[index] === null);
	const per = ratePeriodNames.find((each) => each === values.per);
	const rate = readUses(values.rate);
	const uses = readUses(values.uses);
	const isPast = expiresAt !== undefined && !(expiresAt > now);
	const errors = {
		expires: isPast ? "Choose a day that is not over yet, as 2027-01-31." : null,
		networks:
			wrong !== undefined
				? `“${wrong}” is no network: write it as 192.0.2.0/24 or 2001:db8::/32, with nothing behind its prefix.`
				: texts.length > bounds.keyNetworks.most
					? `Enter ${atMost(bounds.keyNetworks)}.`
					: null,
		rate: rate === null ? usesRule : null,
		per: per ? null : "Choose one of them.",
		uses: uses === null ? usesRule : null,
	};
	if (!per || rate === null || uses === null || Object.values(errors).some(Boolean)) return { errors, read: null };
	const read = {
		...pick(expiresAt, "expiresAt"),
		...pick(texts.length === 0 ? undefined : [...new Set(networks.flatMap((each) => each ?? []))], "networks"),
		...pick(rate === undefined ? undefined : { uses: rate, per }, "rate"),
		...pick(uses, "uses"),
	};
	return { errors: {}, read };
}

const usesRule = "Enter a whole number, at least 1.";

/** Undefined where nothing is said, null where that is no such number. */
function readUses(text: string): number | undefined | null {
	const said = text.trim();
	if (said === "") return undefined;
	const uses = /^\d{1,10}$/.test(said) ? Number(said) : 0;
	return uses >= 1 && uses <= mostUses ? uses : null;
}

/** A member, where there is a value for it. */
export function pick<Name extends string, Value>(value: Value | undefined, name: Name): Partial<Record<Name, Value>> {
	return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

/** None of them is no limits. */
export function orNone(limits: KeyLimits): KeyLimits | null {
	return Object.keys(limits).length === 0 ? null : limits;
}
