import type { BodyError } from "./body.ts";

/** RFC 9110 §11.4 credentials (the scheme in any case, §11.1), or null where the header is not of that scheme. */
function credentials(request: Request, scheme: string): string | null {
	const header = request.headers.get("authorization") ?? "";
	const match = /^([A-Za-z][\w-]*) +([A-Za-z0-9._~+/-]+=*)$/.exec(header.trim());
	return match?.[1]?.toLowerCase() === scheme ? (match[2] ?? null) : null;
}

/** RFC 6750 §2.1. */
export function readBearer(request: Request): string | null {
	return credentials(request, "bearer");
}

export type Basic =
	| { kind: "none" }
	/** RFC 7617 §2: the password may be empty. */
	| { kind: "basic"; id: string; secret: string }
	| { kind: "malformed"; error: BodyError };

/** RFC 6749 §2.3.1: id and secret are form-encoded before they become a user name and a password (RFC 7617). */
export function readBasic(request: Request): Basic {
	if (!/^basic\b/i.test(request.headers.get("authorization") ?? "")) return { kind: "none" };
	const malformed: Basic = {
		kind: "malformed",
		error: { status: 400, detail: "The Authorization header is malformed" },
	};
	try {
		const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(
			Uint8Array.fromBase64(credentials(request, "basic") ?? "!"),
		);
		const colon = text.indexOf(":");
		if (colon < 1) return malformed;
		const [id = "", secret = ""] = [text.slice(0, colon), text.slice(colon + 1)].map((part) =>
			decodeURIComponent(part.replaceAll("+", " ")),
		);
		return { kind: "basic", id, secret };
	} catch {
		return malformed;
	}
}
