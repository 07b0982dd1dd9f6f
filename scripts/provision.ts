// `npm run provision -- <file.json> --at <issuer>`: a first account, a person, APIs, clients, providers, more accounts, invitations to them and operators from a
// file, without clicking. What is there already stays as it is, but for an account's name and state. SETUP_SECRET is that of the deployment. Prints ids, and each secret
// and link this once, as JSON.
import { parseArgs } from "node:util";
import { inviteAll, type MadeAccount, type MadeInvitation, makeAccounts } from "./provision/accounts.ts";
import { type MadeApi, makeApis, serveApis } from "./provision/apis.ts";
import { callsTo, listAll, type Members } from "./provision/call.ts";
import { differences, type State } from "./provision/differences.ts";
import { type MadeOperator, makeOperators } from "./provision/operators.ts";
import { readPlan } from "./provision/plan.ts";
import { type MadeProvider, makeProviders } from "./provision/providers.ts";
import { setUp } from "./provision/set-up.ts";

interface Provisioned {
	readonly issuer: string;
	account?: MadeAccount;
	person?: { readonly username: string; readonly profile: State };
	readonly apis: MadeApi[];
	/** `client_secret` where it was made just now; null of a public client. */
	readonly clients: (Members & { readonly name: string; readonly state: State })[];
	readonly providers: MadeProvider[];
	readonly accounts: MadeAccount[];
	readonly invitations: MadeInvitation[];
	readonly operators: MadeOperator[];
}

const { values, positionals } = parseArgs({ options: { at: { type: "string" } }, allowPositionals: true });
const [file] = positionals;
if (file === undefined || positionals.length > 1 || values.at === undefined) {
	giveUp("npm run provision -- <file.json> --at <issuer>");
}
const issuer = values.at.replace(/\/$/, "");
const call = callsTo(issuer);
const read = readPlan(file);
if (typeof read === "string") giveUp(read);
const plan = read;
const done: Provisioned = {
	issuer,
	apis: [],
	clients: [],
	providers: [],
	accounts: [],
	invitations: [],
	operators: [],
};
try {
	await provision();
} catch (error) {
	const { message, cause } = error as Error;
	console.error(`provision: ${message}${cause instanceof Error ? `: ${cause.message}` : ""}`);
	process.exitCode = 1;
} finally {
	// Also what was made before a failure: nobody will show those secrets again.
	const { account, person, apis, clients, providers, accounts, invitations, operators } = done;
	const all = { issuer, account, person, apis, clients, providers, accounts, invitations, operators };
	console.log(JSON.stringify(all, null, "\t"));
}

async function provision(): Promise<void> {
	const { account, person, apis, clients, providers, accounts, invitations, operators } = plan;
	const isNew = await setUp(issuer, plan);
	done.account = { slug: account.slug, state: isNew ? "made" : "there" };
	const { username } = person;
	const token = await tokenOf(account.slug);
	done.person = { username, profile: await setProfile(token) };
	for await (const made of makeApis(apis, call, token)) done.apis.push(made);
	const known = (await listAll(call, "/v1/integrations", "integrations", token)).filter(
		(each) => each.state === "active",
	);
	for (const client of clients) {
		done.clients.push(await register(client, known, token));
	}
	await serveApis(apis, done.apis, done.clients, { call, token });
	for await (const made of makeProviders(providers, call, token)) done.providers.push(made);
	for await (const made of makeAccounts(accounts, call, token)) done.accounts.push(made);
	for await (const made of inviteAll(invitations, call, tokenOf)) done.invitations.push(made);
	for await (const made of makeOperators(operators, call, token)) done.operators.push(made);
	const different = [
		...(done.person.profile === "differs" ? [username] : []),
		...done.apis.filter(isOther).map(({ identifier }) => identifier),
		...done.clients.filter(isOther).map(({ name }) => name),
		...done.providers.filter(isOther).map(({ name }) => name),
		...done.invitations.filter(isOther).map(({ note }) => note),
	];
	if (different.length > 0)
		throw new Error(`There already, other than in the file, and left so: ${different.join(", ")}`);
}

function isOther({ state }: { readonly state: State }): boolean {
	return state === "differs";
}

/** The person's, in an account. */
async function tokenOf(slug: string): Promise<string> {
	const { username, password } = plan.person;
	return String((await call("POST", "/auth/login", { username, password, account: slug })).access_token);
}

/** What a person has entered since is theirs. */
async function setProfile(token: string): Promise<State> {
	const wanted = plan.person.profile;
	const found = await call("GET", "/v1/profile", null, token);
	const isEmpty = Object.keys(wanted).every((name) => found[name] === undefined || found[name] === null);
	if (differences(wanted, found).length === 0) return "there";
	if (!isEmpty) return "differs";
	await call("PUT", "/v1/profile", wanted, token);
	return "made";
}

async function register(client: Members & { readonly name: string }, known: readonly Members[], token: string) {
	const { name } = client;
	const there = known.find((each) => each.name === name);
	if (!there) {
		const { client_id, client_secret } = await call("POST", "/v1/integrations", client, token);
		return { name, state: "made" as const, client_id, client_secret };
	}
	// The logo is the one thing that is not listed.
	const { logo_svg: _, ...wanted } = client;
	const differs = differences(wanted, there);
	const { client_id } = there;
	return differs.length === 0
		? { name, state: "there" as const, client_id }
		: { name, state: "differs" as const, client_id, differs };
}

function giveUp(why: string): never {
	console.error(why);
	process.exit(2);
}
