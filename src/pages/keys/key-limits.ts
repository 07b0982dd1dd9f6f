import { atMost, bounds } from "../../domain/bounds.ts";
import type { Seconds } from "../../domain/brands.ts";
import { type KeyLimits, mostUses, ratePeriodNames, usesLeft } from "../../domain/key-limits.ts";
import { readNetwork } from "../../domain/network.ts";
import { page } from "../../http/reply.ts";
import type { ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { editKey } from "../../operations/keys/manage-key.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { keyLimitsView, type KeyLimitsProps, type LimitValues } from "./key-limits.tsx";
import { editorOf, idOf, type KeyVisit, ofOwnKey, withOwnKey } from "./key-visit.ts";

/** `GET /console/:slug/keys/:id/limits` */
export const keyLimitsPage = ofOwnKey("keys:read", async (visit) => {
	const values = valuesOf(visit.key);
	return limits(visit, 200, { values, fields: await drawnFrom(values) });
});

/** `POST /console/:slug/keys/:id/limits` */
export const editKeyLimitsPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const names = ["expires", "networks", "rate", "per", "uses"] as const;
	const values = Object.fromEntries(names.map((name) => [name, form.get(name) ?? ""])) as unknown as LimitValues;
	const again = (status: number, said: Partial<LimitsForm>) =>
		withOwnKey(visit, (shown) => limits(shown, status, { values, fields: drawnOf(form), ...said }));
	const { errors, read } = readLimits(values, services.now());
	if (!read) return again(400, { errors });
	const settled = (now: ManagedKey) => settle(form, values, valuesOf(now));
	const edit = async (now: ManagedKey) => {
		const { conflicts, isChanged } = await settled(now);
		if (isConflict(conflicts)) return "stale";
		const before = now.verdict.limits ?? {};
		// What the person did not touch stays as it is, to the second and the network.
		const next: KeyLimits = {
			...pick((isChanged("expires") ? read : before).expiresAt, "expiresAt"),
			...pick((isChanged("networks") ? read : before).networks, "networks"),
			...pick((isChanged("rate") || isChanged("per") ? read : before).rate, "rate"),
			...pick((isChanged("uses") ? read : before).uses, "uses"),
		};
		return { limits: Object.keys(next).length === 0 ? null : next };
	};
	const edited = await editKey(idOf(visit), edit, actor, services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${editorOf(visit)}/limits`, "saved");
		case "stale": {
			const now = await settled(edited.key);
			const fields = await drawnFrom(valuesOf(edited.key));
			return again(409, { values: now.values, fields, errors: now.conflicts, problem: savedMeanwhile });
		}
		case "overtaken":
			return again(409, { problem: changedAllTheTime });
		default:
			return notThere(visit, "API key");
	}
});

type LimitsForm = Pick<KeyLimitsProps, "values" | "fields"> & Partial<Pick<KeyLimitsProps, "errors" | "problem">>;

async function limits({ frame, shown, key, services }: KeyVisit, status: number, form: LimitsForm): Promise<Response> {
	const left = usesLeft(key.verdict, services.now())?.uses ?? null;
	const there = { frame, key: shown, limits: key.verdict.limits ?? {}, usesLeft: left };
	return page(status, keyLimitsView({ errors: {}, problem: null, ...form, ...there }));
}

function pick<Name extends string, Value>(value: Value | undefined, name: Name): Partial<Record<Name, Value>> {
	return value === undefined ? {} : ({ [name]: value } as Record<Name, Value>);
}

const day: Seconds = 86_400;

function valuesOf({ verdict }: ManagedKey): LimitValues {
	const { expiresAt, networks = [], rate, uses } = verdict.limits ?? {};
	return {
		expires: expiresAt === undefined ? "" : new Date((expiresAt - 1) * 1000).toISOString().slice(0, 10),
		networks: networks.join("\n"),
		rate: rate ? String(rate.uses) : "",
		per: rate?.per ?? "hour",
		uses: uses === undefined ? "" : String(uses),
	};
}

interface Read {
	readonly errors: KeyLimitsProps["errors"];
	/** Null where something is wrong. */
	readonly read: KeyLimits | null;
}

function readLimits(values: LimitValues, now: Seconds): Read {
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
