import { demo } from "../support/demo-world.ts";
import { type Answer, type Api, type Client } from "./api.ts";
import type { People } from "./traffic.ts";

/** Something that can be taken back. */
export interface Thing {
	/** Whether it still counts, as one is told there. */
	isLive(at: Api): Promise<boolean>;
	end(at: Api): Promise<Answer>;
}

/** Where things are made, and by whom. */
export interface Makers {
	readonly api: Api;
	readonly people: People;
	/** A login token of an account's administrator. */
	readonly admin: string;
}

/** How each of them is made. */
export const things: Readonly<Record<string, (makers: Makers) => Promise<Thing>>> = {
	"a login session": async ({ api }) => {
		const token = tokenOf(await api.logIn(crypto.randomUUID()));
		return { isLive: (at) => opens(at, token), end: (at) => at.endSession(token) };
	},
	"the token of a live login": async ({ api }) => {
		const id = crypto.randomUUID();
		const token = tokenOf(await api.logIn(id));
		return { isLive: async (at) => tokenOf(await at.logIn(id)) === token, end: (at) => at.endSession(token) };
	},
	"an access code": async (makers) => {
		const { code, secret } = await anAccessCode(makers);
		const end = (at: Api) => at.manage("PATCH", code, makers.admin, { enabled: false });
		return { isLive: (at) => opens(at, secret), end };
	},
	"an API key": async (makers) => {
		const { key, secret } = await anAccessCode(makers);
		return { isLive: (at) => opens(at, secret), end: (at) => at.manage("DELETE", key, makers.admin) };
	},
	"a grant": async (makers) => {
		const { client, accessToken, refreshToken } = await aGrant(demo.webApp, makers);
		return { isLive: (at) => isActive(at, client, accessToken), end: (at) => at.revoke(client, refreshToken) };
	},
	"an access token alone": async (makers) => {
		const { client, accessToken } = await aGrant(demo.webApp, makers);
		return { isLive: (at) => isActive(at, client, accessToken), end: (at) => at.revoke(client, accessToken) };
	},
	"a refresh token that is kept": async (makers) => {
		const { client, refreshToken } = await aGrant(demo.integration, makers);
		const isLive = async (at: Api) => (await at.refresh(client, refreshToken)).status === 200;
		return { isLive, end: (at) => at.revoke(client, refreshToken) };
	},
	"a client's own token": async ({ api }) => {
		const token = tokenOf(await api.actForItself(demo.webApp));
		return { isLive: (at) => isActive(at, demo.webApp, token), end: (at) => at.revoke(demo.webApp, token) };
	},
};

/** Whether it is let in, where anything but yes and no is an error. */
async function opens(at: Api, token: string): Promise<boolean> {
	const { status } = await at.environments(token);
	if (status !== 200 && status !== 401) throw new Error(`Neither let in nor refused: ${status}`);
	return status === 200;
}

async function isActive(at: Api, client: Client, token: string): Promise<boolean> {
	const { status, body } = await at.introspect(client, token);
	if (status !== 200) throw new Error(`Not introspected: ${status}`);
	return body.active === true;
}

async function anAccessCode({ api, admin }: Makers) {
	const policies = [demo.policyId];
	const { body } = await api.manage("POST", "/v1/keys", admin, { name: `Near ${crypto.randomUUID()}`, policies });
	const key = `/v1/keys/${String(body.id)}`;
	const code = await api.manage("POST", `${key}/codes`, admin, { description: "Near" });
	return { key, code: `${key}/codes/${String(code.body.id)}`, secret: String(code.body.secret) };
}

async function aGrant(client: Client, { api, people }: Makers) {
	const { status, body } = await api.exchange(client, await people.install(client));
	if (status !== 200) throw new Error(`No grant: ${status} ${JSON.stringify(body)}`);
	return { client, accessToken: String(body.access_token), refreshToken: String(body.refresh_token) };
}

export function tokenOf({ status, body }: Answer): string {
	if (status !== 200) throw new Error(`No token: ${status} ${JSON.stringify(body)}`);
	return String(body.access_token);
}
