import { createServerKeys, parseMasterSecrets } from "../../src/crypto/server-keys.ts";
import { developmentSealKey } from "../../src/config.ts";
import { type DemoClient, type DemoData, makeDemoData } from "../../src/operations/upkeep/demo-data.ts";
import type { Answer, Send } from "./load.ts";
import { form } from "./requests.ts";

export async function demoData(): Promise<DemoData> {
	const secrets = parseMasterSecrets(`1:${developmentSealKey}`);
	if (typeof secrets === "string") throw new Error(secrets);
	return makeDemoData(createServerKeys(secrets));
}

/** A person of the demonstration data before a browser, who allows whatever is asked. */
export interface Browser {
	/** Takes a link to a consent page, and gives back as many codes as wanted. */
	consent(path: string, codes: number): Promise<string[]>;
}

export async function signIn(send: Send, { username, password }: DemoData["people"][number]): Promise<Browser> {
	const cookie = cookieOf(await send(form("/sign-in", { username, password })));
	return {
		async consent(path, codes) {
			const page = await send({ method: "GET", path, headers: { cookie } });
			const consentForm = page.body.split("<form").find((part) => part.includes('name="decision"')) ?? "";
			const csrf = /name="csrf" value="([^"]+)"/.exec(consentForm)?.[1];
			const action = /action="([^"]+)"/.exec(consentForm)?.[1]?.replaceAll("&amp;", "&");
			if (csrf === undefined || action === undefined)
				throw new Error(`${path} answered ${page.status} and shows no form`);
			const allow = form(action, { csrf, decision: "allow" }, { cookie });
			const answers = await Promise.all(Array.from({ length: codes }, () => send(allow)));
			return answers.map(codeOf);
		},
	};
}

/** RFC 6749 §2.3.1. */
export function basic({ client, secret }: DemoClient): { authorization: string } {
	const pair = `${encodeURIComponent(client.id)}:${encodeURIComponent(secret ?? "")}`;
	return { authorization: `Basic ${Buffer.from(pair).toString("base64")}` };
}

export function cookieOf({ status, headers }: Answer): string {
	const cookie = [headers["set-cookie"]].flat()[0]?.split(";")[0];
	if (status !== 303 || cookie === undefined) throw new Error(`Sign-in answered ${status}`);
	return cookie;
}

function codeOf({ status, headers }: Answer): string {
	const { location } = headers;
	const code = typeof location === "string" ? new URL(location).searchParams.get("code") : null;
	if (code === null) throw new Error(`Consent answered ${status} without a code`);
	return code;
}
