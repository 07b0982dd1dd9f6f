import { randomId } from "../../crypto/random.ts";
import { bounds, isFull } from "../../domain/bounds.ts";
import { isPresetName, providerPresets } from "../../domain/provider-presets.ts";
import type { SignInProvider } from "../../domain/sign-in-provider.ts";
import type { Stored } from "../../domain/stored.ts";
import { page } from "../../http/reply.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { listDomains } from "../../operations/people/account-domains.ts";
import * as operations from "../../operations/people/sign-in-providers.ts";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { refuseVisit, sentAlready } from "../frame/refusal.ts";
import { type ProviderFormProps, providerFormView, type ProviderValues } from "./provider-form.tsx";
import { draftOf, type ReadDraft, typedIn, valuesOf } from "./provider-values.ts";
import { mayNoMore, noProvider, providerPages, type ProviderVisit } from "./provider-visit.ts";
import { removeProviderView, signInProvidersView } from "./sign-in-providers.tsx";

/** `GET …/sign-in` */
export const signInProvidersPage = providerPages(async ({ frame, base, manager, services }) => {
	const { accountId } = manager;
	const [found, named] = await Promise.all([
		operations.listProviders(manager, services),
		accountId === null ? null : listDomains(accountId, services),
	]);
	const names = new Map(found.map(({ id, name }) => [id, name]));
	return page(
		200,
		signInProvidersView({
			frame,
			base,
			providers: found.map((each) => ({ ...each, isOn: each.state === "on" })),
			presets: Object.entries(providerPresets).map(([name, { label }]) => ({ name, label })),
			domains:
				named?.map(({ domain, providerId, verified }) => ({
					domain,
					provider: (providerId !== null && names.get(providerId)) || null,
					verifiedAt: verified?.at ?? null,
				})) ?? null,
		}),
	);
});

/** `GET`, `POST …/sign-in/new` with `preset` */
export const newProviderPage = providerPages(async (visit) => {
	const { services, form, url, manager, base } = visit;
	const asked = visit.isPost ? (form.get("preset") ?? null) : url.searchParams.get("preset");
	const preset = isPresetName(asked) ? asked : "other";
	const { draft, hint } = providerPresets[preset];
	const { kind } = draft;
	const show = (status: number, values: ProviderValues, nonce: string, more: Partial<ProviderFormProps> = {}) =>
		formPage(visit, status, {
			id: null,
			name: "",
			kind,
			hint,
			urls: null,
			fields: { nonce, preset },
			values,
			errors: {},
			...more,
		});
	if (!visit.isPost) return show(200, valuesOf(draft), randomId(services.random));
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const values = typedIn(form);
	const read = draftOf(values, kind);
	if ("errors" in read) return show(400, values, nonce, read);
	const written = await operations.addProvider(read.draft, nonce, manager, services);
	if (written.kind === "written") return doneAt(`${base}/${written.provider.id}`, "created");
	return refused(visit, written, (status, more) => show(status, values, nonce, more));
});

/** `GET`, `POST …/sign-in/:id` */
export const providerPage = providerPages(async (visit) => {
	const { services, params, form, manager, base } = visit;
	const id = params.id ?? "";
	const there = await operations.findProvider(id, manager, services);
	if (!there) return noProvider(visit);
	const { kind } = there;
	const urls = {
		callback: operations.callbackOf(there, services),
		signIn: `${services.config.issuer}/sign-in?provider=${id}`,
	};
	const show = (status: number, values: ProviderValues, more: Partial<ProviderFormProps> = {}) =>
		formPage(visit, status, {
			id,
			name: there.name,
			kind,
			hint: null,
			urls,
			fields: drawnOf(form),
			values,
			errors: {},
			...more,
		});
	if (!visit.isPost) return show(200, valuesOf(there), { fields: await drawnFrom(valuesOf(there)) });
	// Where it is and what we are called there is not on this form, since it stays.
	const values = { ...typedIn(form), issuer: there.issuer, client_id: there.clientId };
	const wrong = draftOf(values, kind);
	if ("errors" in wrong) return show(400, values, wrong);
	const settled = (now: SignInProvider) => settle(form, values, valuesOf(now));
	const edit = async (now: Stored<SignInProvider>) => {
		const { conflicts, values: all } = await settled(now);
		const read: ReadDraft = draftOf(all, kind);
		return isConflict(conflicts) || "errors" in read ? "stale" : read.draft;
	};
	const written = await operations.editProvider(id, edit, manager, services);
	if (written.kind === "written") return doneAt(`${base}/${id}`, "saved");
	if (written.kind !== "stale") return refused(visit, written, (status, more) => show(status, values, more));
	const now = await operations.findProvider(id, manager, services);
	if (!now) return noProvider(visit);
	const { values: merged, conflicts } = await settled(now);
	const fields = await drawnFrom(valuesOf(now));
	return show(409, merged, { fields, errors: conflicts, problem: savedMeanwhile });
});

/** `GET`, `POST …/sign-in/:id/delete` */
export const removeProviderPage = providerPages(async (visit) => {
	const { services, params, manager, base, frame } = visit;
	const id = params.id ?? "";
	const there = await operations.findProvider(id, manager, services);
	if (!there) return noProvider(visit);
	if (!visit.isPost) return page(200, removeProviderView({ frame, base, id, name: there.name }));
	const { kind } = await operations.removeProvider(id, () => ({ rev: null }), manager, services);
	if (kind === "not_permitted") return mayNoMore(visit);
	if (kind === "overtaken") return refuseVisit(visit, 409, "Not removed", changedAllTheTime);
	return kind === "deleted" ? doneAt(base, "deleted") : noProvider(visit);
});

function formPage(
	{ frame, base }: ProviderVisit,
	status: number,
	form: Omit<ProviderFormProps, "frame" | "base">,
): Response {
	return page(status, providerFormView({ ...form, frame, base }));
}

function refused(
	visit: ProviderVisit,
	refusal: Exclude<operations.ProviderWritten, { kind: "written" }>,
	again: (status: number, more: Pick<ProviderFormProps, "errors" | "problem">) => Response,
): Response {
	switch (refusal.kind) {
		case "invalid":
			return again(400, { errors: Object.fromEntries(refusal.problems.map(({ field, detail }) => [field, detail])) });
		case "full":
			return again(409, { errors: {}, problem: isFull(bounds.signInProviders) });
		case "stale":
		case "overtaken":
			return again(409, { errors: {}, problem: changedAllTheTime });
		case "not_permitted":
			return mayNoMore(visit);
		case "unknown":
			return noProvider(visit);
	}
}
