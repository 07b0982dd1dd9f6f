import type { BodyError } from "./body.ts";

/** RFC 9110 §11.4 credentials (the scheme in any case, §11.1), or null where the header is not of that scheme. */
function credentials(header: string, scheme: string): string | null {
	const match = /^([A-Za-z][\w-]*) +([A-Za-z0-9._~+/-]+=*)$/.exec(header.trim());
	return match?.[1]?.toLowerCase() === scheme ? (match[2] ?? null) : null;
}

/** A token in `Authorization`: RFC 6750 §2.1, or RFC 9449 §7.1 with a proof beside it (null where there is none). */
export type AuthorizationToken =
	| { readonly kind: "bearer"; readonly value: string }
	| { readonly kind: "dpop"; readonly value: string; readonly proof: string | null };

export function readToken({ headers }: Request): AuthorizationToken | null {
	const header = headers.get("authorization");
	if (header === null) return null;
	const bearer = credentials(header, "bearer");
	if (bearer !== null) return { kind: "bearer", value: bearer };
	const bound = credentials(header, "dpop");
	return bound === null ? null : { kind: "dpop", value: bound, proof: headers.get("dpop") };
}

export type Basic =
	| { kind: "none" }
	/** RFC 7617 §2: the password may be empty. */
	| { kind: "basic"; id: string; secret: string }
	| { kind: "malformed"; error: BodyError };

/** RFC 6749 §2.3.1: id and secret are form-encoded before they become a user name and a password (RFC 7617). */
export function readBasic(request: Request): Basic {
	const header = request.headers.get("authorization") ?? "";
	if (!/^basic\b/i.test(header)) return { kind: "none" };
	const malformed: Basic = {
		kind: "malformed",
		error: { status: 400, detail: "The Authorization header is malformed" },
	};
	try {
		const text = decoder.decode(Uint8Array.fromBase64(credentials(header, "basic") ?? "!"));
		const colon = text.indexOf(":");
		if (colon < 1) return malformed;
		return { kind: "basic", id: formDecoded(text.slice(0, colon)), secret: formDecoded(text.slice(colon + 1)) };
	} catch {
		return malformed;
	}
}

const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

function formDecoded(text: string): string {
	return /[+%]/.test(text) ? decodeURIComponent(text.replaceAll("+", " ")) : text;
}
