import type { WrongPasswords } from "../../domain/person.ts";
import type { Shell } from "../../words/shell.ts";
import type { KeptForm } from "./kept-form.ts";

export type ConsoleSection =
	| "overview"
	| "keys"
	| "policies"
	| "apis"
	| "api-access"
	| "integrations"
	| "installed"
	| "environments"
	| "events"
	| "alerts"
	| "audit"
	| "my-access"
	| "security"
	| "settings";

export type OperatorSection =
	| "overview"
	| "accounts"
	| "clients"
	| "signing_keys"
	| "operators"
	| "sign_in"
	| "apis"
	| "recovery"
	| "audit";

/** What every page of the console stands in: of an account, or of none (then of the deployment, for those who run it). */
export type Frame = ConsoleFrame | OperatorFrame;

interface AnyFrame {
	readonly shell: Shell;
	/** Where its pages are: `/console/<slug>`, or `/operator`. */
	readonly base: string;
	/** Those that the person belongs to. */
	readonly accounts: readonly { readonly slug: string; readonly name: string; readonly isSuspended: boolean }[];
	readonly person: {
		readonly name: string;
		readonly username: string;
		readonly isOperator: boolean;
		/** Whether they came in by the provider of this account, to which what is their own is closed. */
		readonly isVouchedFor: boolean;
		readonly wrongPasswords: WrongPasswords | null;
	};
	readonly mayMakeAccounts: boolean;
	/** The token that every form of the console carries. */
	readonly csrf: string;
	readonly signOutCsrf: string;
	/** Epoch seconds. */
	readonly now: number;
	/** The person's own, as their profile has it. */
	readonly timeZone: string | null;
	/** A form of this page as it was filled in when the sign-in had ended. */
	readonly kept: KeptForm | null;
	/** What was done just now, by the `?done=` of the address that this browser was led to. */
	readonly done: string | null;
}

/** What every page of an account stands in. */
export interface ConsoleFrame extends AnyFrame {
	/** Null on a page of none. */
	readonly section: ConsoleSection | null;
	readonly account: { readonly slug: string; readonly name: string };
	readonly permissions: readonly string[];
	/** How many nobody has acknowledged. */
	readonly newAlerts: number;
}

/** What every page stands in of those who run the deployment. */
export interface OperatorFrame extends AnyFrame {
	readonly section: OperatorSection | null;
	readonly account: null;
}
