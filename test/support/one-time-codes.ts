import { generateSync } from "otplib";
import { decodeQR } from "qr/decode.js";
import { hiddenOf, withCookie } from "./console.ts";
import { call, type Credential, good } from "./keys-api.ts";
import { cookieOf, type Login, signInAnew } from "./people.ts";
import { type Answer, ownPage, postForm } from "./requests.ts";
import { advance, now } from "./target.ts";

export const codesPage = "/console/acme/security/one-time-codes";

/** Of a library that is not the one that checks them; `off` is how many seconds its clock is ahead. */
export function codeOf(secret: string, off = 0): string {
	return generateSync({ secret, epoch: now() + off });
}

/** What a camera reads of the picture on a page. */
export function readQr({ text }: Answer): URL {
	const [, source = ""] = /<img class="qr-code"[^>]* src="data:image\/svg\+xml,([^"]*)"/.exec(text) ?? [];
	const svg = decodeURIComponent(source);
	const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
	const [scale, width] = [4, size * 4];
	const data = new Uint8Array(width * width * 4).fill(255);
	for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
		for (let row = 0; row < scale; row++) {
			const from = ((Number(y) * scale + row) * width + Number(x) * scale) * 4;
			for (let at = 0; at < scale * 4; at++) if (at % 4 !== 3) data[from + at] = 0;
		}
	}
	return new URL(decodeQR({ width, height: width, data }));
}

export interface WithCodes {
	readonly secret: string;
	readonly recovery: readonly string[];
	/** Of the browser that they were turned on in. */
	readonly cookie: string;
}

/** Turns one-time codes on, as people do; the code that this takes is used up. */
export async function turnOnCodes(who: Login, at = codesPage, signedIn?: string): Promise<WithCodes> {
	const visitor = withCookie(signedIn ?? (await signInAnew(who)));
	const form = await visitor.open(at);
	const secret = readQr(form).searchParams.get("secret") ?? "";
	const fields = { ...hiddenOf(form, at), code: codeOf(secret), password: who.password };
	const answer = await postForm(at, fields, { cookie: visitor.cookie, ...ownPage });
	if (answer.status !== 200) throw new Error(`Not turned on: ${answer.status} ${answer.text}`);
	const recovery = answer.text.match(/\b(?:[a-z0-9]{4}-){5}[a-z0-9]{4}\b/g) ?? [];
	return { secret, recovery: [...new Set(recovery)], cookie: visitor.cookie };
}

/** Signs in by the password and a code that was not used before. */
export async function signInByCode(who: Login & { readonly secret: string }, cookie = ""): Promise<string> {
	const { username, password, secret } = who;
	await advance(30);
	const kept = cookie === "" ? {} : { cookie };
	const half = cookieOf(await postForm("/sign-in", { username, password }, { ...ownPage, ...kept }));
	const both = [half, ...(cookie === "" ? [] : [cookie])].join("; ");
	const answer = await postForm(
		"/sign-in/second-factor",
		{ code: codeOf(secret), by: "code" },
		{ ...ownPage, cookie: both },
	);
	return cookieOf(answer);
}

/** What `PUT /v1/profile/one_time_codes` takes, of somebody whose login token this is. */
export async function enrolmentOf({ password }: Login, own: Credential) {
	const offered = await call("POST", "/v1/profile/one_time_codes", undefined, own);
	const { enrolment, secret } = good<{ enrolment: string; secret: string }>(offered);
	return { enrolment, otp: codeOf(secret), password };
}
