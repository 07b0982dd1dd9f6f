import { demo } from "../support/demo-world.ts";

export interface Party {
	readonly client_id: string;
	readonly client_secret: string;
}

/** Two APIs of Acme, an application that may call both, and the server of the first, which calls the second for whoever called it. */
export async function exchangeParties(origin: string) {
	const send = async (path: string, body: object, headers: Record<string, string> = {}) => {
		const init = { method: "POST", headers: { "content-type": "application/json", ...headers } };
		const answer = await fetch(origin + path, { ...init, body: JSON.stringify(body) });
		if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
		return answer.json() as Promise<Record<string, string>>;
	};
	const login = await send("/auth/login", {
		username: demo.ada.username,
		password: demo.ada.password,
		account: "acme",
	});
	const bearer = { authorization: `Bearer ${login.access_token}` };
	const word = crypto.randomUUID().slice(0, 8);
	const [front, back] = [`https://front-${word}.example/v1`, `https://back-${word}.example/v1`];
	const scopes = [`front-${word}:read`, `back-${word}:read`];
	for (const [index, identifier] of [front, back].entries()) {
		const permissions = [{ name: scopes[index], title: "Read", members: true }];
		await send("/v1/apis", { identifier, name: identifier, permissions }, bearer);
	}
	const application = { kind: "application", acts_for_itself: true, redirect_urls: [], scopes };
	const app = await send("/v1/integrations", { ...application, name: `App ${word}` }, bearer);
	const more = { name: `Server ${word}`, resources: [front], token_exchange_apis: [back] };
	const server = await send("/v1/integrations", { ...application, ...more }, bearer);
	return { front, back, app: app as unknown as Party, server: server as unknown as Party, scope: scopes[1] };
}
