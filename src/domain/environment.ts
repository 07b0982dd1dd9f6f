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
