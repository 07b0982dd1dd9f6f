/** What the management of environments asks of the register. Each change is written with its audit entry, or neither is. */
import type { AuditEntry } from "../audit-entry.ts";
import type { Environment } from "../environment.ts";

/** Where a list goes on: after the environment with these names. */
interface EnvironmentPosition {
	readonly workspace: string;
	readonly name: string;
}

/** The highest version that a public key can carry: two bytes. */
export const lastPublicKeyVersion = 65_535;

export interface EnvironmentRegister {
	/** Those of an account, switched off or not, by workspace and name. */
	list(accountId: string, after: EnvironmentPosition | null, limit: number): Promise<readonly Environment[]>;
	find(accountId: string, id: string): Promise<Environment | null>;
	/** `taken`: the account has another one of that workspace and name, or the id stands for something else. */
	create(environment: Environment, entry: AuditEntry): Promise<"created" | "same" | "taken" | "full">;
	/** The environment as it is then; null where the account has none of that id. */
	setEnabled(of: EnvironmentInAccount, enabled: boolean, entry: AuditEntry): Promise<Environment | null>;
	/** Replaces the key of this version; one that was replaced already stays as it is. */
	rotateKey(of: EnvironmentInAccount, version: number, entry: AuditEntry): Promise<Environment | null>;
}

export type EnvironmentInAccount = Pick<Environment, "id" | "accountId">;
