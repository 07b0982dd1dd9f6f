import { systemRandom } from "../../src/crypto/random.ts";
import { deviceCodeGrant } from "../../src/domain/client.ts";
import { userCodeOf } from "../../src/domain/user-code.ts";
import { ada, formOn, type Login, signedIn } from "./people.ts";
import { type Answer, ask, basic, type Fields, given, ownPage, postForm } from "./requests.ts";
import { aClient } from "./registered.ts";
import { demo } from "./target.ts";
import { askForToken, type Registered, type TokenRequest } from "./tokens.ts";

// What a device without a browser does (RFC 8628), and the person who sits before another one.

export interface DeviceCodes {
	readonly client: Registered;
	readonly deviceCode: string;
	/** As it is shown. */
	readonly userCode: string;
	/** The path of `verification_uri_complete`. */
	readonly page: string;
}

/** A client like one of the demonstration data that may also show a code. */
export function aDeviceClient(like: Registered = demo.nativeApp, changes: object = {}): Promise<Registered> {
	const { grantTypes } = like.client;
	return aClient(like, { grantTypes: [...grantTypes, deviceCodeGrant], ...changes });
}

/** From a network of its own, unless it is said: requests are counted. */
export function askForCodes(
	client: Registered,
	fields: Fields = {},
	headers: Record<string, string> = {},
): Promise<Answer> {
	const { secret } = client;
	return postForm(
		"/oauth/device_authorization",
		given({ ...(secret === null && { client_id: client.client.id }), ...fields }),
		{ ...anywhere(), ...(secret !== null && basic(client.client.id, secret)), ...headers },
	);
}

export async function aDevice(
	client?: Registered,
	fields: Fields = {},
	headers: Record<string, string> = {},
): Promise<DeviceCodes> {
	const asking = client ?? (await aDeviceClient());
	const { status, text, body } = await askForCodes(asking, fields, headers);
	if (status !== 200) throw new Error(`No codes: ${status} ${text}`);
	const { pathname, search } = new URL(String(body.verification_uri_complete));
	return {
		client: asking,
		deviceCode: String(body.device_code),
		userCode: String(body.user_code),
		page: pathname + search,
	};
}

/** What the device asks the token endpoint. */
export function poll({ client, deviceCode }: DeviceCodes, request: TokenRequest = {}): Promise<Answer> {
	return askForToken({ client, ...request }, { grant_type: deviceCodeGrant, device_code: deviceCode });
}

/** The page of a code, as somebody who is signed in sees it. */
export async function pageOf(page: string, who: Login = ada, headers: Record<string, string> = {}): Promise<Answer> {
	return ask(page, { headers: { cookie: await signedIn(who), ...headers } });
}

/** Somebody looks at the page of a code, and answers. */
export async function answerDevice(
	{ page }: Pick<DeviceCodes, "page">,
	{ who = ada, fields = {} }: { readonly who?: Login; readonly fields?: Fields } = {},
): Promise<Answer> {
	const { action, hidden } = formOn(await pageOf(page, who), "decision");
	return postForm(action, { ...hidden, decision: "allow", ...fields }, { cookie: await signedIn(who), ...ownPage });
}

let asked = 0;

export function anywhere(): { "cf-connecting-ip": string } {
	asked += 1;
	return { "cf-connecting-ip": `198.18.${Math.floor(asked / 250)}.${asked % 250}` };
}

/** A code of the right form that nobody was given. */
export function aGuess(): string {
	return userCodeOf(systemRandom(32)) ?? "BCDFGHJK";
}
