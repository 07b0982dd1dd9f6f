export type Members = Readonly<Record<string, unknown>>;

/** Asks the JSON API, or throws with what the server had to say. */
export type Call = (method: string, path: string, body: Members | null, token?: string | null) => Promise<Members>;

export function callsTo(issuer: string): Call {
	return async (method, path, body, token = null) => {
		const response = await fetch(`${issuer}${path}`, {
			method,
			headers: {
				...(body && { "content-type": "application/json" }),
				...(token !== null && { authorization: `Bearer ${token}` }),
			},
			...(body && { body: JSON.stringify(body) }),
		});
		const text = await response.text();
		if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
		return text === "" ? {} : (JSON.parse(text) as Members);
	};
}

/** Every page of a list, whose rows are the member `name`. */
export async function listAll(call: Call, path: string, name: string, token: string): Promise<readonly Members[]> {
	const found: Members[] = [];
	let cursor = "";
	do {
		const page = await call("GET", `${path}?limit=100${cursor && `&cursor=${cursor}`}`, null, token);
		found.push(...(page[name] as Members[]));
		cursor = typeof page.next === "string" ? encodeURIComponent(page.next) : "";
	} while (cursor !== "");
	return found;
}
