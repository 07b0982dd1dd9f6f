import { type Answer, type Fields, given, postForm } from "./requests.ts";
import { demo, issuer } from "./target.ts";
import { authorizePath, type Registered } from "./tokens.ts";

// RFC 9126: requests that their client pushes.

/** As it should be done, but for what is said. */
export function push(
	application: Registered = demo.webApp,
	query: Fields = {},
	headers: Record<string, string> = {},
): Promise<Answer> {
	const asked = new URL(authorizePath(application, query), issuer).searchParams;
	const secret = application.secret ?? undefined;
	return postForm("/oauth/par", { ...Object.fromEntries(asked), client_secret: secret, ...query }, headers);
}

export async function pushedUri(application?: Registered, query?: Fields): Promise<string> {
	return requestUriOf(await push(application, query));
}

export function requestUriOf({ status, text, body }: Answer): string {
	if (status !== 201) throw new Error(`Not pushed: ${status} ${text}`);
	return String(body.request_uri);
}

/** Where a person is sent with it. */
export function pushedPath({ client }: Registered, requestUri: string, beside: Fields = {}): string {
	const query = given({ client_id: client.id, request_uri: requestUri, ...beside });
	return `/oauth/authorize?${new URLSearchParams(query).toString()}`;
}
