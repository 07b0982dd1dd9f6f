/** A named stage inside a workspace of an account. */
export interface Environment {
	/** 22 characters of base64url: 16 random bytes, which its public key carries. */
	readonly id: string;
	readonly accountId: string;
	/** As people write them: `my-workspace`, `prod`. */
	readonly workspace: string;
	readonly name: string;
	/** The version of its public key that is good now. */
	readonly keyVersion: number;
	readonly enabled: boolean;
}

/** What a workspace or an environment may be called: it stands in URLs, configuration files and other people's code. */
export const stageNamePattern = /^[a-z0-9-]{1,40}$/;

export function isStageName(text: string): boolean {
	return stageNamePattern.test(text);
}
