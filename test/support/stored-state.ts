/** What scripts/store-state.ts wrote: the storage of a deployment of an earlier commit, and by what its programs go on. */
export interface StoredState {
	/** Epoch seconds: when it was stored. */
	readonly at: number;
	readonly made: {
		readonly rotating: Tokens;
		/** Two generations back: presented, it ends its family. */
		readonly reusedAncestor: string;
		readonly kept: Tokens;
		readonly revoked: Tokens;
		/** Given out and not redeemed. */
		readonly code: string;
		/** Of the session_id `stored`. */
		readonly session: string;
		readonly endedSession: string;
		readonly keys: Readonly<Record<"good" | "disabled" | "deleted", { id: string; codeId: string; secret: string }>>;
		readonly registered: { readonly id: string; readonly secret: string; readonly token: string };
		readonly publicKey: string;
	};
	/** Databases as SQL, other files as base64, by their path. */
	readonly files: Readonly<Record<string, string>>;
}

interface Tokens {
	readonly accessToken: string;
	readonly refreshToken: string;
}
