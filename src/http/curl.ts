import type { OpenapiOperation } from "./openapi.ts";
import type { SchemeName } from "./openapi-components.ts";

/** A request as one types it into a shell. Secrets stand there as variables, so that none lands in its history. */
export function curlOf(issuer: string, method: string, path: string, operation: OpenapiOperation): string {
	const [security = {}] = operation.security;
	const [scheme] = Object.keys(security) as SchemeName[];
	const [body] = Object.entries(operation.requestBody?.content ?? {});
	const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `$${name.toUpperCase()}`);
	const query = (operation.parameters ?? []).filter((each) => each.in === "query" && each.example !== undefined);
	const search = new URLSearchParams(query.map(({ name, example = "" }) => [name, example])).toString();
	const lines = [
		`curl ${method === "GET" ? "" : `-X ${method} `}"${issuer}${filled}${search === "" ? "" : `?${search}`}"`,
		...(scheme === undefined ? [] : credential(scheme)),
		...(body ? bodyLines(body[0], body[1].example) : []),
	];
	return lines.join(" \\\n  ");
}

function credential(scheme: SchemeName): readonly string[] {
	switch (scheme) {
		case "bearer":
			return ['-H "Authorization: Bearer $TOKEN"'];
		case "accessCode":
		case "accessCodeQuery":
			return ['-H "x-api-key: $ACCESS_CODE"'];
		case "publicKey":
		case "publicKeyQuery":
			return ['-H "x-api-key: $PUBLIC_KEY"'];
		case "tokenPair":
			return ['-H "X-LAST9-API-TOKEN: Bearer $TOKEN"'];
		case "client":
			return ['-u "$CLIENT_ID:$CLIENT_SECRET"'];
		case "registration":
			return ['-H "Authorization: Bearer $REGISTRATION_ACCESS_TOKEN"'];
		case "deployment":
			return ['-H "Authorization: Bearer $SETUP_SECRET"'];
		case "session":
			return [];
	}
}

function bodyLines(media: string, example: unknown): readonly string[] {
	if (media === "application/x-www-form-urlencoded" && typeof example === "object" && example !== null) {
		return Object.entries(example).map(([name, value]) => `--data-urlencode ${quoted(`${name}=${String(value)}`)}`);
	}
	return [`-H ${quoted(`Content-Type: ${media}`)}`, `--data ${quoted(JSON.stringify(example, null, 2))}`];
}

/** POSIX shell: nothing is special inside single quotes but the quote itself. */
function quoted(text: string): string {
	return `'${text.replaceAll("'", `'\\''`)}'`;
}
