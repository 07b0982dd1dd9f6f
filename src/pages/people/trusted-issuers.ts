import { randomId } from "../../crypto/random.ts";
import { bounds, isFull } from "../../domain/bounds.ts";
import { assertionAlgs, isAssertionAlg, type JwkSet } from "../../domain/client-keys.ts";
import type { Stored } from "../../domain/stored.ts";
import { type ClaimRule, issuerKinds, subjectClaims, type TrustedIssuer } from "../../domain/trusted-issuer.ts";
import { page } from "../../http/reply.ts";
import { readJsonText } from "../../json-text.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import * as operations from "../../operations/people/trusted-issuers.ts";
import { chosenValues } from "../../ui/choices.tsx";
import { doneAt } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { notForRole, notThere, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import {
	distrustView,
	type IssuerFormProps,
	type IssuerFormValues,
	issuerFormView,
	trustedIssuersView,
} from "./trusted-issuers.tsx";

/** `GET /console/:slug/settings/trusted-issuers` */
export const trustedIssuersPage = inConsole("settings", "admin", async ({ frame, actor, services }) => {
	return page(200, trustedIssuersView({ frame, issuers: await operations.listIssuers(actor, services) }));
});

/** `GET`, `POST …/trusted-issuers/new` with `kind` */
export const newTrustedIssuerPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form, url } = visit;
	const asked = visit.isPost ? form.get("kind") : url.searchParams.get("kind");
	const kind = issuerKinds.find((each) => each === asked) ?? "identity_provider";
	const show = (status: number, values: IssuerFormValues, nonce: string, more: Partial<IssuerFormProps> = {}) =>
		formPage(visit, status, { id: null, kind, fields: { nonce }, values, errors: {}, ...more });
	if (!visit.isPost) return show(200, blank, randomId(services.random));
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const values = typedIn(form);
	const read = readValues(values);
	if ("errors" in read) return show(400, values, nonce, read);
	const written = await operations.trustIssuer({ ...read.edit, kind }, nonce, actor, services);
	if (written.kind === "written") return doneAt(baseOf(visit), "created");
	return refused(visit, written, (status, more) => show(status, values, nonce, more));
});

/** `GET`, `POST …/trusted-issuers/:id` */
export const trustedIssuerPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, params, form } = visit;
	const id = params.id ?? "";
	const there = await operations.findIssuer(id, actor, services);
	if (!there) return notThere(visit, "issuer");
	const { kind } = there;
	const show = (status: number, values: IssuerFormValues, more: Partial<IssuerFormProps> = {}) =>
		formPage(visit, status, { id, kind, fields: drawnOf(form), values, errors: {}, ...more });
	const before = valuesOf(there);
	if (!visit.isPost) return show(200, before, { fields: await drawnFrom(before) });
	const values = typedIn(form);
	const wrong = readValues(values);
	if ("errors" in wrong) return show(400, values, wrong);
	const settled = (now: TrustedIssuer) => settle(form, values, valuesOf(now));
	const edit = async (now: Stored<TrustedIssuer>) => {
		const { conflicts, values: all } = await settled(now);
		const read = readValues(all);
		return isConflict(conflicts) || "errors" in read ? "stale" : read.edit;
	};
	const written = await operations.editIssuer(id, edit, actor, services);
	if (written.kind === "written") return doneAt(`${baseOf(visit)}/${id}`, "saved");
	if (written.kind !== "stale") return refused(visit, written, (status, more) => show(status, values, more));
	const now = await operations.findIssuer(id, actor, services);
	if (!now) return notThere(visit, "issuer");
	const { values: merged, conflicts } = await settled(now);
	const fields = await drawnFrom(valuesOf(now));
	return show(409, merged, { fields, errors: conflicts, problem: savedMeanwhile });
});

/** `GET`, `POST …/trusted-issuers/:id/delete` */
export const distrustIssuerPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, params, frame } = visit;
	const id = params.id ?? "";
	const there = await operations.findIssuer(id, actor, services);
	if (!there) return notThere(visit, "issuer");
	if (!visit.isPost) return page(200, distrustView({ frame, id, name: there.name }));
	const { kind } = await operations.distrustIssuer(id, () => ({ rev: null }), actor, services);
	if (kind === "not_permitted") return notForRole(visit, onlyAdministrators);
	if (kind === "overtaken") return refuseVisit(visit, 409, "Not deleted", changedAllTheTime);
	return kind === "deleted" ? doneAt(baseOf(visit), "deleted") : notThere(visit, "issuer");
});

const blank: IssuerFormValues = {
	name: "",
	issuer: "",
	jwks_uri: "",
	jwks: "",
	algorithms: assertionAlgs,
	clients: "",
	subject: "aud_sub",
	tenant: "",
	rules: "",
};

function formPage(
	{ frame, services }: Visit,
	status: number,
	form: Omit<IssuerFormProps, "frame" | "ownIssuer" | "algorithms">,
): Response {
	const ownIssuer = services.config.issuer;
	return page(status, issuerFormView({ ...form, frame, ownIssuer, algorithms: assertionAlgs }));
}

function refused(
	visit: Visit,
	refusal: Exclude<operations.IssuerWritten, { kind: "written" }>,
	again: (status: number, more: Pick<IssuerFormProps, "errors" | "problem">) => Response,
): Response {
	switch (refusal.kind) {
		case "invalid": {
			const errors: Record<string, string> = {};
			for (const { field, detail } of refusal.problems) {
				// A field of the page has all of a list.
				const [name = field, index] = field.split(".");
				errors[name] ??= index === undefined ? detail : `Line ${Number(index) + 1}: ${detail}`;
			}
			return again(400, { errors });
		}
		case "taken":
			return again(409, { errors: { issuer: "This account trusts this issuer already." } });
		case "full":
			return again(409, { errors: {}, problem: isFull(bounds.trustedIssuers) });
		case "stale":
		case "overtaken":
			return again(409, { errors: {}, problem: changedAllTheTime });
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "unknown":
			return notThere(visit, "issuer");
	}
}

function typedIn(form: Visit["form"]): IssuerFormValues {
	const text = (name: string) => form.get(name) ?? "";
	return {
		name: text("name"),
		issuer: text("issuer"),
		jwks_uri: text("jwks_uri"),
		jwks: text("jwks"),
		algorithms: chosenValues(form, "algorithms"),
		clients: text("clients"),
		subject: text("subject"),
		tenant: text("tenant"),
		rules: text("rules"),
	};
}

function readValues(
	values: IssuerFormValues,
): { readonly edit: operations.IssuerEdit } | Pick<IssuerFormProps, "errors"> {
	const { name, issuer, jwks_uri: uri, algorithms, clients, subject, tenant } = values;
	const keys = values.jwks.trim() === "" ? null : readJsonText(values.jwks);
	const rules = linesOf(values.rules).map(readRule);
	const errors = {
		...(keys?.ok === false && { jwks: "The keys are no JSON." }),
		...(rules.includes(null) && {
			rules: "A line is a client ID, and claims as name=text, each of them once, with a space before it.",
		}),
	};
	if (Object.keys(errors).length > 0) return { errors };
	return {
		edit: {
			name,
			issuer,
			...(uri.trim() !== "" && { jwksUri: uri.trim() }),
			// Whether it is a set of keys, is judged with the rest.
			...(keys?.ok && { jwks: keys.value as JwkSet }),
			algorithms: algorithms.filter(isAssertionAlg),
			clients: linesOf(clients),
			subject: subjectClaims.find((each) => each === subject) ?? "aud_sub",
			tenant: tenant.trim() || null,
			rules: rules.filter((rule) => rule !== null),
		},
	};
}

/** Null for what is none. */
function readRule(line: string): ClaimRule | null {
	const [client = "", ...pairs] = line.split(/\s+/);
	const claims = pairs.map((pair) => {
		const at = pair.indexOf("=");
		const [name, pattern] = [unescaped(pair.slice(0, at)), unescaped(pair.slice(at + 1))];
		return at > 0 && name !== null && pattern !== null ? ([name, pattern] as const) : null;
	});
	const there = claims.filter((claim) => claim !== null);
	if (there.length < claims.length || there.length === 0 || client.includes("=")) return null;
	const byName = new Map(there);
	// One of two would be dropped, and keep nobody out.
	return byName.size < there.length ? null : { client, claims: Object.fromEntries(byName) };
}

function valuesOf(trusted: TrustedIssuer): IssuerFormValues {
	const { name, issuer, jwks, jwksUri = "", algorithms, clients, subject, tenant, rules } = trusted;
	return {
		name,
		issuer,
		jwks_uri: jwksUri,
		jwks: jwks ? JSON.stringify(jwks, null, "\t") : "",
		algorithms,
		clients: clients.join("\n"),
		subject,
		tenant: tenant ?? "",
		rules: rules.map(lineOf).join("\n"),
	};
}

function lineOf({ client, claims }: ClaimRule): string {
	return [client, ...Object.entries(claims).map(([name, pattern]) => `${escaped(name)}=${escaped(pattern)}`)].join(" ");
}

/** What ends a claim on its line is written as in a URL. */
function escaped(text: string): string {
	return text.replaceAll(/[%=\s]/g, encodeURIComponent);
}

function unescaped(text: string): string | null {
	try {
		return decodeURIComponent(text);
	} catch {
		return null;
	}
}

function linesOf(text: string): readonly string[] {
	return text
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "");
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/trusted-issuers`;
}
