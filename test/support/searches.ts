import { type Answer, post } from "./requests.ts";

export interface FoundEvent {
	readonly id: string;
	readonly type: string;
	readonly environment: string | null;
	readonly timestamp: string;
	readonly received_at: string;
	readonly data: Record<string, unknown>;
}

export interface FoundAlert {
	readonly id: string;
	readonly kind: string;
	readonly title: string;
	readonly description: string;
	readonly subject: string;
	readonly target: string | null;
	readonly count: number;
	readonly first_seen: string;
	readonly last_seen: string;
	readonly detail: Record<string, string | number>;
}

/** `POST /api/public/event/search` as curl's `--data` sends it. */
export function eventSearch(body: object | string, headers: Record<string, string>): Promise<Answer> {
	return search("event", body, headers);
}

export function alertSearch(body: object | string, headers: Record<string, string>): Promise<Answer> {
	return search("alert", body, headers);
}

export async function eventsFound(body: object, headers: Record<string, string>): Promise<readonly FoundEvent[]> {
	return rowsOf<FoundEvent>(await eventSearch(body, headers), "events");
}

export async function alertsFound(body: object, headers: Record<string, string>): Promise<readonly FoundAlert[]> {
	return rowsOf<FoundAlert>(await alertSearch(body, headers), "alerts");
}

/** Every page, until the last. */
export async function allEvents(body: object, headers: Record<string, string>): Promise<FoundEvent[][]> {
	const pages: FoundEvent[][] = [];
	for (let cursor: unknown; cursor !== null;) {
		const answer = await eventSearch({ ...body, ...(cursor !== undefined && { cursor }) }, headers);
		pages.push(rowsOf<FoundEvent>(answer, "events"));
		cursor = answer.body.next_cursor;
		if (pages.length > 50) throw new Error("The search does not end");
	}
	return pages;
}

function search(what: string, body: object | string, headers: Record<string, string>): Promise<Answer> {
	const text = typeof body === "string" ? body : JSON.stringify(body);
	const curl = { "content-type": "application/x-www-form-urlencoded" };
	return post(`/api/public/${what}/search`, text, { ...curl, ...headers });
}

function rowsOf<Row>({ status, text, body }: Answer, name: string): Row[] {
	const rows = body[name];
	if (status !== 200 || !Array.isArray(rows)) throw new Error(`Nothing found: ${status} ${text}`);
	return rows;
}
