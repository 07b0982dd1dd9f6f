/** The registered APIs: what a request's scope and audience are read against. latchkey's own is no row. */
import type { Api } from "../api.ts";
import type { Stored } from "../stored.ts";

export interface ApiRegister {
	/** The one that people would take this identifier for (`foldedIdentifier` of domain/api.ts); whoever asks compares the rest. */
	byFolded(folded: string): Promise<Stored<Api> | null>;
	/** Those that an account can be given something of: of the whole deployment, and its own; by name. */
	openTo(accountId: string): Promise<readonly Stored<Api>[]>;
	api(id: string): Promise<Stored<Api> | null>;
}
