import { randomId } from "../../crypto/random.ts";
import type { Account } from "../../domain/account.ts";
import type { PasswordProblem } from "../../domain/new-password.ts";
import type { Person } from "../../domain/person.ts";
import { subjectId } from "../../domain/subject.ts";
import type { Services } from "../services.ts";
import { isSetupSecret } from "../setup-secret.ts";
import { choosePassword } from "./choose-password.ts";
import { portsOf } from "../ports-of.ts";

export interface FirstAccount {
	readonly secret: string;
	readonly account: string;
	readonly slug: string;
	readonly name: string;
	readonly username: string;
	readonly password: string;
	readonly address: string | null;
}

export type SetUp = "done" | "already" | "wrong_secret" | "busy" | PasswordProblem;

/** Whether the first account can still be made. */
export async function isSetupOpen(services: Services): Promise<boolean> {
	return services.config.setupSecret !== null && !(await portsOf(services).register.isSetUp());
}

/** Makes the first account and its administrator, for whoever has the deployment's setup secret, once. */
export async function setUp(first: FirstAccount, services: Services): Promise<SetUp> {
	const { register } = portsOf(services);
	const { config, random } = services;
	if (!(await isSetupSecret(first.secret, services))) return "wrong_secret";
	if (await register.isSetUp()) return "already";
	const chosen = await choosePassword(
		first.password,
		[first.username, first.name, first.account, first.slug],
		services,
	);
	if (chosen.kind !== "hashed") return chosen.kind === "busy" ? "busy" : chosen.problem;
	const now = services.now();
	const standing = { state: "active", notBefore: 0 } as const;
	const account: Account = { id: randomId(random), slug: first.slug, name: first.account, ...standing };
	const person: Person = {
		id: subjectId({ kind: "person", home: config.home, id: randomId(random) }),
		username: first.username,
		name: first.name,
		passwordHash: chosen.hash,
		...standing,
	};
	return register.setUp({
		account,
		person,
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
