import { call, type Credential, good } from "./keys-api.ts";

// APIs of one's own, as programs of people register them.

export interface ShownApi {
	readonly id: string;
	readonly identifier: string;
	readonly name: string;
	readonly description: string;
	readonly permissions: readonly ShownPermission[];
	readonly access_token_ttl: number | null;
	readonly access_token_signed_response_alg: string | null;
	readonly servers?: readonly string[];
	readonly deployment_wide: boolean;
	readonly built_in: boolean;
	readonly metadata_url: string;
}

interface ShownPermission {
	readonly name: string;
	readonly title: string;
	readonly description: string;
	readonly members: boolean;
	readonly self_registered: boolean;
}

let made = 0;

/** A word that stands in no other API of the file: lower case and digits. */
export function newWord(): string {
	made += 1;
	return `orders${made}`;
}

/** What registers an API with two permissions, `<word>:read` for members too, and `<word>:write`. */
export function apiBody(changes: object = {}, word = newWord()) {
	return {
		identifier: `https://${word}.example/v1`,
		name: `API ${word}`,
		permissions: [
			{ name: `${word}:read`, title: "See orders", members: true, self_registered: true },
			{ name: `${word}:write`, title: "Change orders" },
		],
		...changes,
	};
}

/** Of Acme, unless the credential is of another account. */
export async function newApi(changes: object = {}, credential?: Credential): Promise<ShownApi> {
	return good<ShownApi>(await call("POST", "/v1/apis", apiBody(changes), credential), 201);
}

/** Of the whole deployment, which Ada operates. */
export async function newDeploymentApi(changes: object = {}): Promise<ShownApi> {
	return good<ShownApi>(await call("POST", "/v1/deployment/apis", apiBody(changes)), 201);
}

export function namesIn({ permissions }: Pick<ShownApi, "permissions">): readonly string[] {
	return permissions.map(({ name }) => name);
}
