import { type BodyError, type Params, readBody } from "./body.ts";

/** Why a form is not taken, for a page to say. */
export interface FormRefusal {
	readonly ok: false;
	readonly status: number;
	readonly kind: "foreign" | "malformed";
	readonly title: string;
	readonly detail: string;
}

export type ReadForm = { readonly ok: true; readonly params: Params } | FormRefusal;

/** For a form with a file in it: multipart.ts. */
export type FormReader = (request: Request) => Promise<{ ok: true; params: Params } | { ok: false; error: BodyError }>;

/** Null where a page of ours may have sent the request. */
export function foreignForm(request: Request, issuer: string): FormRefusal | null {
	return isSameOrigin(request, issuer) ? null : notFromHere;
}

export const notFromHere: FormRefusal = {
	ok: false,
	status: 403,
	kind: "foreign",
	title: "Not from here",
	detail: "This form was sent from another site, so nothing was done.",
};

export async function readForm(
	request: Request,
	read: FormReader = (sent) => readBody(sent, { json: false }),
): Promise<ReadForm> {
	const body = await read(request);
	if (body.ok) return body;
	return {
		ok: false,
		status: body.error.status,
		kind: "malformed",
		title: "Malformed form",
		detail: body.error.detail,
	};
}

/** A form that a page of ours sent. Whose token it carries is for whoever knows what it does (operations/form-token.ts). */
export async function readOwnForm(request: Request, issuer: string): Promise<ReadForm> {
	return foreignForm(request, issuer) ?? readForm(request);
}

/**
 * Whether a form was posted by a page of ours, or by no browser at all. Browsers say where a POST comes from; a request
 * without either header is from a program, which carries nobody's cookies but its own.
 */
export function isSameOrigin(request: Request, issuer: string): boolean {
	const site = request.headers.get("sec-fetch-site");
	if (site !== null) return site === "same-origin" || site === "none";
	const origin = request.headers.get("origin");
	return origin === null || origin === new URL(issuer).origin;
}
