import type { SignInDetails } from "../support/person.ts";

/** The JSON API of a latchkey, as somebody of an account. What is refused throws. */
export type AccountApi = (method: string, path: string, body?: object) => Promise<Readonly<Record<string, unknown>>>;

export async function accountApi(origin: string, who: SignInDetails, account: string): Promise<AccountApi> {
	async function call(method: string, path: string, body: object | undefined, headers: Record<string, string>) {
		const init = { method, headers: { "content-type": "application/json", ...headers } };
		const answer = await fetch(origin + path, { ...init, ...(body && { body: JSON.stringify(body) }) });
		const text = await answer.text();
		if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
		const said: Readonly<Record<string, unknown>> = text === "" ? {} : JSON.parse(text);
		return said;
	}
	const { access_token: token } = await call("POST", "/auth/login", { ...who, account }, {});
	return (method, path, body) => call(method, path, body, { authorization: `Bearer ${String(token)}` });
}
