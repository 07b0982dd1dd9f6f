import { demo } from "../support/demo-world.ts";
import { type Answer, type Api, type Client, found } from "./api.ts";
import type { People } from "./traffic.ts";

/**
 * One thing that programs and people ask of latchkey, to be asked while something fails and again when nothing does, and then
 * judged: what was acknowledged has to be there, and nothing may have been given twice.
 */
export interface Probe {
	readonly name: ProbeName;
	/** What is good, where nothing fails. */
	readonly good: readonly number[];
	/** Makes anew what it is about. Nothing fails meanwhile. */
	begin(): Promise<Attempt>;
}

export const probeNames = [
	"exchange",
	"refresh",
	"login",
	"login by password",
	"consent",
	"introspection",
	"revocation",
	"end of a session",
	"disabling a key",
] as const;
/** What cannot do without the events database. */
export const eventProbes = ["ingestion", "search"] as const;
export type ProbeName = (typeof probeNames | typeof eventProbes)[number];

interface Attempt {
	/** The same request each time. `api` is asked where the fault is. */
	ask(api: Api): Promise<Answer>;
	/** After the first answer and its repetition, with nothing failing: what is lost and what is doubled. */
	judge(first: Answer, again: () => Promise<Answer>): Promise<Judgement>;
}

interface Judgement {
	readonly lost: readonly string[];
	readonly doubled: readonly string[];
}

export async function makeProbes(api: Api, people: People): Promise<readonly Probe[]> {
	const admin = String((await api.logInAs(demo.ada, "acme")).body.access_token);
	const key = await api.manage("POST", "/v1/keys", admin, {
		name: `Fails ${crypto.randomUUID()}`,
		policies: [demo.policyId],
	});
	const keyId = String(key.body.id);
	const code = await api.manage("POST", `/v1/keys/${keyId}/codes`, admin, { description: "Fails" });
	const secret = String(code.body.secret);
	let turn = 0;
	const nextClient = (): Client => (turn++ % 2 === 0 ? demo.webApp : demo.integration);

	async function grant(client: Client) {
		const { status, body } = await api.exchange(client, await people.install(client));
		if (status !== 200) throw new Error(`A grant could not be made: ${status} ${JSON.stringify(body)}`);
		return { client, accessToken: String(body.access_token), refreshToken: String(body.refresh_token) };
	}

	const exchange: Probe = {
		name: "exchange",
		good: [200],
		async begin() {
			const client = nextClient();
			const fresh = await people.install(client);
			return {
				ask: (at) => at.exchange(client, fresh),
				async judge(first, again) {
					const answer = first.status === 200 ? first : await again();
					const refreshed = answer.status === 200 && (await api.refresh(client, String(answer.body.refresh_token)));
					const second = await again();
					return {
						lost:
							refreshed && refreshed.status === 200 ? [] : [`a code: ${answer.status} ${JSON.stringify(answer.body)}`],
						doubled: second.status === 200 ? ["a code"] : [],
					};
				},
			};
		},
	};

	const refresh: Probe = {
		name: "refresh",
		good: [200],
		async begin() {
			const { client, refreshToken } = await grant(nextClient());
			return {
				ask: (at) => at.refresh(client, refreshToken),
				async judge(first, again) {
					const second = await again();
					const onward = await api.refresh(client, successor(second, refreshToken));
					return {
						lost:
							second.status === 200 && onward.status === 200 ? [] : [`a family: ${second.status}, ${onward.status}`],
						doubled:
							first.status === 200 && successor(first, refreshToken) !== successor(second, refreshToken)
								? ["a successor"]
								: [],
					};
				},
			};
		},
	};

	const logIn: Probe = {
		name: "login",
		good: [200],
		async begin() {
			const id = crypto.randomUUID();
			return {
				ask: (at) => at.logIn(id),
				async judge(first, again) {
					const second = await again();
					const isSame = first.status !== 200 || first.body.access_token === second.body.access_token;
					return { lost: second.status === 200 && isSame ? [] : ["a session"], doubled: [] };
				},
			};
		},
	};

	const passwordLogin: Probe = {
		name: "login by password",
		good: [200],
		begin: async () => ({
			ask: (at) => at.logInAs(demo.ada, "acme"),
			async judge(_, again) {
				const second = await again();
				return { lost: second.status === 200 ? [] : [`a password: ${second.status}`], doubled: [] };
			},
		}),
	};

	const consent: Probe = {
		name: "consent",
		good: [200],
		async begin() {
			const client = nextClient();
			return {
				async ask() {
					try {
						return { status: 200, body: { code: await people.install(client) }, retryAfter: null };
					} catch (error) {
						const { lastFailure } = people;
						if (!lastFailure) throw error;
						return { ...lastFailure, body: {} };
					}
				},
				async judge(first, again) {
					const given = first.status === 200 ? first : await again();
					const { status } = await api.exchange(client, String(given.body.code));
					return { lost: status === 200 ? [] : [`a consent: ${status}`], doubled: [] };
				},
			};
		},
	};

	const introspect: Probe = {
		name: "introspection",
		good: [200],
		async begin() {
			const { client, accessToken } = await grant(demo.webApp);
			return {
				ask: (at) => at.introspect(client, accessToken),
				async judge(first, again) {
					const answers = [first, await again()].filter((answer) => answer.status === 200);
					const isActive = answers.every((answer) => answer.body.active === true);
					return { lost: isActive ? [] : ["a good token was called bad"], doubled: [] };
				},
			};
		},
	};

	const revoke: Probe = {
		name: "revocation",
		good: [200],
		async begin() {
			const { client, accessToken, refreshToken } = await grant(demo.webApp);
			return {
				ask: (at) => at.revoke(client, refreshToken),
				async judge(first, again) {
					const answer = first.status === 200 ? first : await again();
					const { body } = await api.introspect(client, accessToken);
					const { status } = await api.refresh(client, refreshToken);
					const isEnded = answer.status === 200 && body.active === false && status === 400;
					return { lost: isEnded ? [] : ["a revocation"], doubled: [] };
				},
			};
		},
	};

	const endSession: Probe = {
		name: "end of a session",
		good: [204],
		async begin() {
			const token = String((await api.logIn(crypto.randomUUID())).body.access_token);
			return {
				ask: (at) => at.endSession(token),
				async judge(first, again) {
					// Where it had ended all the same, its own token says so.
					const answer = first.status === 204 ? first : await again();
					const { status } = await api.listSessions(token);
					return { lost: [204, 401].includes(answer.status) && status === 401 ? [] : ["an end"], doubled: [] };
				},
			};
		},
	};

	const disable: Probe = {
		name: "disabling a key",
		good: [200],
		async begin() {
			const path = `/v1/keys/${keyId}`;
			const before = await api.manage("PATCH", path, admin, { enabled: true });
			if (before.status !== 200) throw new Error(`The key could not be enabled: ${before.status}`);
			return {
				ask: (at) => at.manage("PATCH", path, admin, { enabled: false }),
				async judge(first, again) {
					const answer = first.status === 200 ? first : await again();
					const { status } = await api.logInWith(secret);
					return { lost: answer.status === 200 && status === 401 ? [] : ["a switch"], doubled: [] };
				},
			};
		},
	};

	const ingest: Probe = {
		name: "ingestion",
		good: [202],
		async begin() {
			const mark = crypto.randomUUID();
			return {
				ask: (at) => at.ingest(admin, { mark }),
				async judge(first, again) {
					const answer = first.status === 202 ? first : await again();
					const stored = found(await api.searchFor(mark, admin));
					// As it is stated: what had to be sent again may be there twice.
					const most = answer === first ? 1 : 2;
					return {
						lost: answer.status === 202 && stored > 0 ? [] : [`an event: ${answer.status}`],
						doubled: stored > most ? ["an event"] : [],
					};
				},
			};
		},
	};

	const search: Probe = {
		name: "search",
		good: [200],
		async begin() {
			const mark = crypto.randomUUID();
			const { status } = await api.ingest(admin, { mark });
			if (status !== 202) throw new Error(`An event could not be stored: ${status}`);
			return {
				ask: (at) => at.searchFor(mark, admin),
				async judge(first, again) {
					const answers = first.status === 200 ? [first, await again()] : [await again()];
					const isWhole = answers.every((answer) => answer.status === 200 && found(answer) === 1);
					return { lost: isWhole ? [] : ["an event was not found"], doubled: [] };
				},
			};
		},
	};

	return [ingest, search, exchange, refresh, logIn, passwordLogin, consent, introspect, revoke, endSession, disable];
}

/** What a refresh leaves its client with: an integration keeps its token. */
function successor({ body }: Answer, kept: string): string {
	return typeof body.refresh_token === "string" ? body.refresh_token : kept;
}
