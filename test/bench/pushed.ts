import type { DemoClient } from "../../src/operations/upkeep/demo-data.ts";
import type { Send } from "./load.ts";
import type { Operation } from "./operation.ts";
import { basic } from "./people.ts";
import { authorizePath, form } from "./requests.ts";

/** An authorization request that is pushed (RFC 9126), and brought by its reference. A build of before has no such operations. */
export async function pushedOperations(
	send: Send,
	client: DemoClient,
	named: Readonly<Record<string, string>>,
): Promise<readonly Operation[]> {
	const push = form("/oauth/par", named, basic(client));
	if ((await send(push)).status !== 201) return [];
	let reference = {};
	return [
		{
			name: "pushed request",
			goal: 5,
			status: 201,
			budget: {},
			next: () => push,
		},
		{
			name: "authorize, not signed in, pushed",
			// RFC 9126 may add two of them.
			goal: 6,
			budget: {},
			prepare: async () => {
				const { request_uri }: { request_uri: string } = JSON.parse((await send(push)).body);
				reference = { client_id: client.client.id, request_uri };
			},
			next: () => ({ method: "GET", path: authorizePath(reference) }),
		},
	];
}
