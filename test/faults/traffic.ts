import { demo } from "../support/demo-world.ts";
import { challenged } from "../support/pkce.ts";
import { answerConsent, createPerson, type Send } from "../support/person.ts";
import type { Answer, Api, Client } from "./api.ts";

/** What the server has answered with success, and so has to stand by. A thing whose fate is unknown is in no list. */
export interface Acknowledged {
	/** Codes that nobody has tried to redeem. */
	readonly codes: { client: Client; code: string }[];
	/** Families of refresh tokens, with the newest token of each. */
	readonly families: Set<{ client: Client; code: string; refreshToken: string; spent: string[] }>;
	/** What was revoked, or ended because its code was replayed. */
	readonly ended: { client: Client; accessToken: string; refreshToken: string }[];
	readonly sessions: { id: string; token: string }[];
	readonly endedSessions: { id: string; token: string }[];
	/** How many answers there were. */
	count: number;
}

export function nothingAcknowledged(): Acknowledged {
	return { codes: [], families: new Set(), ended: [], sessions: [], endedSessions: [], count: 0 };
}

/** People who sign in once, and can then install what they like: their sign-ins outlive the server's process too. */
export interface People {
	signIn(): Promise<void>;
	/** The code that one of them brings to the client. */
	install(client: Client): Promise<string>;
	/** The last answer that said that something had failed. */
	readonly lastFailure: Omit<Answer, "body"> | null;
}

export function createPeople(origin: string, send: Send = fetch): People {
	let lastFailure: People["lastFailure"] = null;
	const watched: Send = async (url, init) => {
		const response = await send(url, init);
		const { status, headers } = response;
		if (status >= 500) lastFailure = { status, retryAfter: headers.get("retry-after") };
		return response;
	};
	const people = [
		{ person: createPerson(origin, watched), who: demo.ada, account: demo.accounts.acme },
		{ person: createPerson(origin, watched), who: demo.grace, account: demo.accounts.globex },
	];
	let turn = 0;
	return {
		get lastFailure() {
			return lastFailure;
		},
		async signIn() {
			// One after the other: no more than two password hashes may run at once.
			for (const { person, who } of people) {
				// Where something waits behind it, it asks whoever is signed in as well.
				await person.submit(await person.open("/sign-in?continue=%2Fconsole"), "Sign in", { ...who });
			}
		},
		async install(client) {
			const { person, who, account } = people[turn++ % people.length] ?? people[0]!;
			const isIntegration = client === demo.integration;
			const link = isIntegration ? `/integrations/${client.id}` : authorizeLink(client);
			const answer = await answerConsent(person, link, who, isIntegration ? "Install" : "Allow", { account });
			return text(answer.searchParams.get("code"));
		},
	};
}

/**
 * Everybody uses the server at once, again and again, until it answers no more. `acknowledged` is called with every
 * answer, after it is entered.
 */
export async function traffic(api: Api, people: People, all: Acknowledged, acknowledged: () => void): Promise<void> {
	const done = () => {
		all.count++;
		acknowledged();
	};

	async function begin(client: Client) {
		const code = await people.install(client);
		done();
		const { access_token, refresh_token } = expected(200, await api.exchange(client, code));
		return { client, code, accessToken: text(access_token), refreshToken: text(refresh_token) };
	}

	async function leaveCode(): Promise<void> {
		const client = demo.integration;
		all.codes.push({ client, code: await people.install(client) });
		done();
	}

	async function refreshOn(client: Client): Promise<void> {
		const family = { ...(await begin(client)), spent: [] as string[] };
		all.families.add(family);
		done();
		for (let times = 0; times < 4; times++) {
			// Whether one that is cut off has rotated the token, nobody can say.
			all.families.delete(family);
			const { refresh_token } = expected(200, await api.refresh(client, family.refreshToken));
			if (refresh_token !== undefined) {
				family.spent.push(family.refreshToken);
				family.refreshToken = text(refresh_token);
			}
			all.families.add(family);
			done();
		}
	}

	async function revoke(): Promise<void> {
		const grant = await begin(demo.webApp);
		expected(200, await api.revoke(grant.client, grant.refreshToken));
		all.ended.push(grant);
		done();
	}

	async function replay(): Promise<void> {
		const grant = await begin(demo.integration);
		expected(400, await api.exchange(grant.client, grant.code));
		all.ended.push(grant);
		done();
	}

	async function logIn(): Promise<void> {
		const id = crypto.randomUUID();
		const { access_token } = expected(200, await api.logIn(id));
		all.sessions.push({ id, token: text(access_token) });
		done();
	}

	async function logInAndOut(): Promise<void> {
		const id = crypto.randomUUID();
		const token = text(expected(200, await api.logIn(id)).access_token);
		expected(204, await api.endSession(token));
		all.endedSessions.push({ id, token });
		done();
	}

	const habits = [
		leaveCode,
		() => refreshOn(demo.webApp),
		() => refreshOn(demo.integration),
		revoke,
		replay,
		logIn,
		logInAndOut,
	];
	await Promise.all(habits.map(untilGone));
}

/** Again and again, until the server is gone. Everything else that goes wrong is a finding. */
async function untilGone(habit: () => Promise<void>): Promise<void> {
	for (;;) {
		try {
			await habit();
		} catch (error) {
			// fetch says so of a connection that is refused or cut off.
			if (error instanceof TypeError) return;
			throw error;
		}
	}
}

function expected(status: number, answer: Answer): Answer["body"] {
	if (answer.status !== status)
		throw new Error(`${answer.status} instead of ${status}: ${JSON.stringify(answer.body)}`);
	return answer.body;
}

function text(value: unknown): string {
	if (typeof value !== "string") throw new Error(`${String(value)} is no string`);
	return value;
}

function authorizeLink({ id, redirectUri }: Client): string {
	const query = new URLSearchParams({ response_type: "code", client_id: id, redirect_uri: redirectUri, ...challenged });
	return `/oauth/authorize?${query.toString()}`;
}
