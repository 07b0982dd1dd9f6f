import { type Call, listAll, type Members } from "./call.ts";
import { differences, type State } from "./differences.ts";
import type { Plan } from "./plan.ts";

export interface MadeApi {
	readonly identifier: string;
	readonly state: State;
	readonly id: string;
	/** The members in which it is not as in the file. */
	readonly differs?: readonly string[];
}

const places = { account: "/v1/apis", deployment: "/v1/deployment/apis" } as const;
const placeOf = ({ deployment_wide: isWide }: Plan["apis"][number]) => places[isWide ? "deployment" : "account"];

/** The account's own APIs, and those of the whole deployment, by their identifiers; before the clients, which may name their permissions. */
export async function* makeApis(wanted: Plan["apis"], call: Call, token: string): AsyncGenerator<MadeApi> {
	for (const api of wanted) {
		const path = placeOf(api);
		const { deployment_wide: _, servers: __, ...members } = api;
		const known = await listAll(call, path, "apis", token);
		const there = known.find((each) => each.identifier === api.identifier);
		if (!there) {
			const { id } = await call("POST", path, members, token);
			yield { identifier: api.identifier, state: "made", id: String(id) };
			continue;
		}
		const differs = differences(whole(members), whole(there));
		const found = { identifier: api.identifier, id: String(there.id) };
		yield differs.length === 0 ? { ...found, state: "there" } : { ...found, state: "differs", differs };
	}
}

/** Has clients of the plan, named as they are there, serve the APIs that were made just now. */
export async function serveApis(
	wanted: Plan["apis"],
	made: readonly MadeApi[],
	clients: readonly Members[],
	{ call, token }: { readonly call: Call; readonly token: string },
): Promise<void> {
	for (const api of wanted) {
		const now = made.find(({ identifier, state }) => identifier === api.identifier && state === "made");
		if (!now || api.servers.length === 0) continue;
		const servers = api.servers.map((name) => {
			const client = clients.find((each) => each.name === name);
			if (!client) throw new Error(`${api.identifier} is served by ${name}, which is no client of the file`);
			return client.client_id;
		});
		await call("PATCH", `${placeOf(api)}/${now.id}`, { servers }, token);
	}
}

/** With what the API gives a permission that says no more than its name and title, in the order of the names. */
function whole(api: Members): Members {
	const { permissions } = api;
	if (!Array.isArray(permissions)) return api;
	const texts = (permissions as Members[]).map((each) => {
		const { name, title, description = "", members = false, self_registered = false } = each;
		return JSON.stringify({ name, title, description, members, self_registered });
	});
	return { ...api, permissions: texts };
}
