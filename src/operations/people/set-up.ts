import { randomId } from "../../crypto/random.ts";
import type { Account } from "../../domain/account.ts";
import type { PasswordProblem } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { formToken, isFormToken } from "../form-token.ts";
import type { Services } from "../services.ts";
import { isSetupSecret } from "../setup-secret.ts";
import { askForNewPasskey, makeWayIn, type WayIn } from "./first-way-in.ts";
import { portsOf } from "../ports-of.ts";

/** The setup secret, or that this browser has shown it: on the page that makes a passkey it does not stand again. */
type SecretShown = { readonly secret: string } | { readonly seen: string; readonly browser: string };

export interface FirstAccount {
	readonly shown: SecretShown;
	readonly account: string;
	readonly slug: string;
	readonly name: string;
	readonly username: string;
	readonly wayIn: WayIn;
	readonly address: string | null;
}

export type SetUp = "done" | "already" | "wrong_secret" | "busy" | "not_made" | PasswordProblem;

/** Whether the first account can still be made. */
export async function isSetupOpen(services: Services): Promise<boolean> {
	return services.config.setupSecret !== null && !(await portsOf(services).register.isSetUp());
}

/** Makes the first account and its administrator, for whoever has the deployment's setup secret, once. */
export async function setUp(first: FirstAccount, services: Services): Promise<SetUp> {
	const { register } = portsOf(services);
	if (!(await isSecretShown(first.shown, services))) return "wrong_secret";
	if (await register.isSetUp()) return "already";
	const names = [first.username, first.name, first.account, first.slug];
	const made = await makeWayIn(first.wayIn, names, services);
	if (made.kind !== "made") return made.kind === "refused" ? made.problem : made.kind;
	const { id, passwordHash, passkey } = made;
	const now = services.now();
	const standing = { state: "active", notBefore: 0 } as const;
	const account: Account = { id: randomId(services.random), slug: first.slug, name: first.account, ...standing };
	const person: Person = {
		id,
		username: first.username,
		name: first.name,
		passwordHash,
		...standing,
	};
	return register.setUp({
		account,
		person,
		...(passkey && { passkey }),
		entry: {
			at: now,
			accountId: account.id,
			actor: "setup",
			action: "account.create",
			target: account.id,
			address: first.address,
			detail: { person: person.id },
		},
	});
}

/** For who wants a passkey: what comes after the secret was right. Null where it was not. */
export async function askToSetUpByPasskey(
	secret: string,
	names: Pick<FirstAccount, "username" | "name">,
	browser: string,
	services: Services,
): Promise<{ readonly seen: string; readonly person: SubjectId; readonly options: string } | null> {
	if (!(await isSetupSecret(secret, services))) return null;
	const seen = await formToken(browser, seenSecret(services), services.serverKeys);
	return { seen, ...(await askForNewPasskey(names, browser, services)) };
}

function isSecretShown(shown: SecretShown, services: Services): Promise<boolean> {
	if ("secret" in shown) return isSetupSecret(shown.secret, services);
	const { seen, browser } = shown;
	return isFormToken(seen, browser, seenSecret(services), services.serverKeys);
}

function seenSecret({ config }: Services): string {
	return `set up by ${config.setupSecret}`;
}
