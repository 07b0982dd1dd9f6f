import type { Client } from "../client.ts";
import type { AuditEntry } from "../audit-entry.ts";
import type { Install } from "../install.ts";
import type { Role } from "../permission.ts";
import type { Scope } from "../scope.ts";
import type { SubjectId } from "../subject.ts";
import type { Seconds } from "../brands.ts";
import type { FoundPage, NameWalk, Position } from "../list-query.ts";
import type { Stored } from "../stored.ts";
import type { WriterRole } from "./register.ts";

/** The clients of the register as they are managed, and where they are installed (D1). */
export interface ClientRegister {
	/**
	 * Unless its id is there, or an active client of its account has its name (compared without regard to ASCII case). The
	 * entry is written with it, or not at all.
	 */
	create(
		client: Client,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"created" | "id_taken" | "name_taken" | "full" | "not_permitted">;
	/**
	 * A client that registered itself, with its entry; it is there afterwards. Of those to which nobody has consented yet at most
	 * `most` stay: the network that has most of them loses one, so that a flood pushes out itself. First goes the oldest that
	 * never was used, then the one that was used longest ago; who came within the hour is spared while few of its network did.
	 */
	register(client: Client, entry: AuditEntry, among: { readonly most: number; readonly from: string }): Promise<void>;
	/**
	 * A person consents to a client that belongs to no account: from now on it stays. That of a document is written as the
	 * document is now, unless it has ended.
	 */
	keep(client: Client, at: Seconds): Promise<void>;
	/** A client that registered itself is used; not written down where it was since `since`. */
	noteUse(id: string, at: Seconds, since: Seconds): Promise<void>;
	/**
	 * Deletes clients that belong to no account and have no grant: those to which nobody has consented, registered and last used
	 * before `unclaimedBefore`; and those to which somebody last did before `keptBefore`, last used before that too.
	 */
	purgeUnused(bounds: { readonly unclaimedBefore: Seconds; readonly keptBefore: Seconds }): Promise<void>;
	/** By name and id; those that have ended are there as well. */
	list(accountId: string, narrowing: ClientNarrowing, walk: NameWalk): Promise<FoundPage<ListedClient>>;
	/** Null where that account (null: none) has no such client. */
	find(id: string, accountId: string | null): Promise<Stored<Client> | null>;
	/**
	 * As it is now, where it is still as it was read. `overtaken` where it is not, or is gone; `not_permitted` where the
	 * person who writes has no role any more that permits it, or what comes into its scope is no permission that the account
	 * sees. Then neither it nor the entry is written.
	 */
	write(
		client: Stored<Client>,
		by: WriterRole | null,
		entry: AuditEntry,
	): Promise<"written" | "name_taken" | "overtaken" | "not_permitted">;
	countInstalls(clientId: string, query: Pick<InstallsOf, "now" | "waiting">): Promise<InstallCount>;

	/** Installs of which the register has not heard yet whether their code was redeemed, newest first. */
	unsettledInstalls(of: UnsettledQuery, limit: number): Promise<readonly UnsettledInstall[]>;
	/** What was heard of them. Those that are gone have ended. */
	settleInstalls(
		heard: { readonly live: readonly string[]; readonly gone: readonly string[] },
		at: Seconds,
	): Promise<void>;
	/**
	 * What is installed in an account and still counts, as far as the register knows: of equals by grant. All that one subject allowed
	 * one client is one install.
	 */
	installs(query: InstallQuery): Promise<FoundPage<ListedInstall>>;
	/** The install that a grant is of. */
	install(grantId: string, query: InstallsOf): Promise<ListedInstall | null>;
	/** Notes that a grant has ended, once; the entry (where there is one) is written with it, and only then. */
	endInstall(grantId: string, at: Seconds, entry: AuditEntry | null): Promise<void>;
	/**
	 * The same for what a subject gave to one client, or (null) to any, in one account, or (null) in all: these grants, and
	 * whatever was listed before that instant.
	 */
	endInstallsOf(
		of: {
			readonly subject: SubjectId;
			readonly clientId: string | null;
			readonly accountId: string | null;
			readonly grants: readonly string[];
			readonly openedBefore: Seconds;
		},
		at: Seconds,
		entry: AuditEntry | null,
	): Promise<void>;
	/** For the sweep: grants of clients that have ended, whose own end is not noted. */
	installsOfEnded(limit: number): Promise<readonly Pick<Install, "grantId" | "clientId" | "subject">[]>;
	/**
	 * Deletes clients that ended before that instant and of which nothing is left to end; but what a document describes, which is
	 * there for as long as its document is.
	 */
	purgeEnded(before: Seconds): Promise<void>;
}

/** What of an account's clients is listed; null is what is not asked for. */
export interface ClientNarrowing {
	/** A part of the name, without regard to ASCII case, or an id. */
	readonly q: string | null;
	readonly state: Client["state"] | null;
	readonly kind: Client["kind"] | null;
}

/** Logos are left out of lists: they would be most of them. */
export type ListedClient = Omit<Client, "logoSvg"> & { readonly hasLogo: boolean };

export interface InstallsOf {
	readonly accountId: string;
	readonly now: Seconds;
	/** What is known of the unsettled ones, by their grants: they wait for their code's redemption, or are gone. */
	readonly waiting: { readonly pending: readonly string[]; readonly gone: readonly string[] };
}

export interface InstallQuery extends InstallsOf {
	readonly narrowing: InstallNarrowing;
	readonly isOldestFirst: boolean;
	readonly after: Position | null;
	readonly isBack: boolean;
	readonly limit: number;
}

/** What of them is listed; null is what is not asked for. */
export interface InstallNarrowing {
	/** A part of the name of the client, of who registered it or of who installed it, without regard to ASCII case; or the client's id. */
	readonly q: string | null;
	readonly isPending: boolean | null;
	readonly subject: SubjectId | null;
}

/**
 * The grants of a client that nobody has noted the end of, without those whose code waits, or waited in vain; how many installs
 * they are; and in how many accounts.
 */
export interface InstallCount {
	readonly grants: number;
	readonly installs: number;
	readonly accounts: number;
}

/** Those of an account, of a client, or of any that were made before an instant. */
export type UnsettledQuery =
	| { readonly accountId: string }
	| { readonly clientId: string }
	| { readonly createdBefore: Seconds };

export type UnsettledInstall = Pick<Install, "grantId" | "subject" | "createdAt">;

/**
 * What somebody allowed a client in an account, once or again, with the client and the person. Its grant is the newest of those
 * that count; where none does yet, the newest whose code waits.
 */
export interface ListedInstall {
	readonly grantId: string;
	readonly accountId: string;
	readonly subject: SubjectId;
	readonly createdAt: Seconds;
	/** Whether nobody has redeemed a code of it yet. */
	readonly isPending: boolean;
	/** The latest instant at which it ends by itself. */
	readonly expiresAt: Seconds;
	/** What was agreed to, in all of its grants that count; and what of it nobody here checks. */
	readonly scope: Scope;
	readonly unchecked: Scope;
	readonly client: {
		readonly id: string;
		readonly kind: Client["kind"];
		readonly name: string;
		readonly hasLogo: boolean;
		/** What says how much of it counts now (`limitOf` of effective-scope.ts). */
		readonly accountId: string | null;
		readonly scope: Scope;
		readonly options: Client["options"];
		/** The name of the account that registered it; null where it registered itself. */
		readonly ownerName: string | null;
	};
	/** Who allowed it, and the role by which; null where the subject is no person. */
	readonly person: { readonly name: string; readonly username: string; readonly role: Role } | null;
}
