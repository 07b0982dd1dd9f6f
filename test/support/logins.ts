import { type Answer, ask, bearer, postJson, whenNotBusy } from "./requests.ts";

/** `POST /auth/login` with JSON. */
export function logIn(body: object, headers: Record<string, string> = {}): Promise<Answer> {
	return postJson("/auth/login", body, headers);
}

/** The token of a login that has to succeed. */
export async function loggedIn(body: object): Promise<string> {
	const answer = await whenNotBusy(() => logIn(body));
	if (answer.status !== 200) throw new Error(`Not logged in: ${answer.status} ${answer.text}`);
	return String(answer.body.access_token);
}

export interface ShownSession {
	readonly id: string;
	readonly session_id: string;
	readonly resource?: string;
	readonly current: boolean;
}

export async function sessionsOf(token: string): Promise<readonly ShownSession[]> {
	const answer = await ask("/auth/sessions", { headers: bearer(token) });
	if (answer.status !== 200) throw new Error(`No sessions: ${answer.status} ${answer.text}`);
	const { sessions }: { sessions: readonly ShownSession[] } = JSON.parse(answer.text);
	return sessions;
}

export function revokeSession(token: string, id: string): Promise<Answer> {
	return ask(`/auth/sessions/${id}`, { method: "DELETE", headers: bearer(token) });
}

/** Whether a resource of ours takes a login token, which asks the ledger. */
export async function opens(token: string): Promise<number> {
	return (await ask("/oauth/environments", { headers: bearer(token) })).status;
}
