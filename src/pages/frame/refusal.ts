import { page } from "../../http/reply.ts";
import type { Frame } from "./frame.ts";
import { refusalView } from "./refusal.tsx";

/** Whoever is inside an account stays there, whatever is refused. */
interface Inside {
	readonly frame: Frame;
}

export function refuseVisit({ frame }: Inside, status: number, title: string, detail: string): Response {
	return page(status, refusalView({ frame, title, detail }));
}

/** What is not there, and what is another account's, alike. */
export function notThere(visit: Inside, what = "page"): Response {
	return refuseVisit(visit, 404, "Not there", `There is no such ${what} in this account. It may have been deleted.`);
}

/** The same outside of an account. */
export function notThereAtAll(visit: Inside, what: string): Response {
	return refuseVisit(visit, 404, "Not there", `There is no such ${what}. It may have been deleted.`);
}

export function notForRole(visit: Inside, why: string): Response {
	return refuseVisit(visit, 403, "Not for your role", why);
}

/** For a form whose nonce is none, or has made what it makes already. */
export function sentAlready(visit: Inside): Response {
	return refuseVisit(visit, 409, "Sent already", "This form was sent already, or is out of date. Nothing was done.");
}
