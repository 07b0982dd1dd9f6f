import { type KeyLimits, usesLeft } from "../../domain/key-limits.ts";
import { page } from "../../http/reply.ts";
import type { ManagedKey } from "../../operations/keys/find-managed-key.ts";
import { editKey } from "../../operations/keys/manage-key.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notThere } from "../frame/refusal.ts";
import { inConsole } from "../frame/visit.ts";
import { keyLimitsView, type KeyLimitsProps } from "./key-limits.tsx";
import { editorOf, idOf, type KeyVisit, ofOwnKey, withOwnKey } from "./key-visit.ts";
import { limitValuesOf, orNone, pick, readLimits, typedLimits } from "./limit-values.ts";

/** `GET /console/:slug/keys/:id/limits` */
export const keyLimitsPage = ofOwnKey("keys:read", async (visit) => {
	const values = limitValuesOf(visit.key.verdict.limits);
	return limits(visit, 200, { values, fields: await drawnFrom(values) });
});

/** `POST /console/:slug/keys/:id/limits` */
export const editKeyLimitsPage = inConsole("keys", "keys:write", async (visit) => {
	const { form, actor, services } = visit;
	const values = typedLimits(form);
	const again = (status: number, said: Partial<LimitsForm>) =>
		withOwnKey(visit, (shown) => limits(shown, status, { values, fields: drawnOf(form), ...said }));
	const { errors, read } = readLimits(values, services.now());
	if (!read) return again(400, { errors });
	const settled = (now: ManagedKey) => settle(form, values, limitValuesOf(now.verdict.limits));
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
		return { limits: orNone(next) };
	};
	const edited = await editKey(idOf(visit), edit, actor, services);
	switch (edited.kind) {
		case "edited":
			return doneAt(`${editorOf(visit)}/limits`, "saved");
		case "stale": {
			const now = await settled(edited.key);
			const fields = await drawnFrom(limitValuesOf(edited.key.verdict.limits));
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
