// `npm run provision -- <file.json> --at <issuer>`: a first account, a person and clients from a file, without clicking. What
// is there already stays as it is. SETUP_SECRET is that of the deployment. Prints ids, and each secret this once, as JSON.
import { isDeepStrictEqual, parseArgs } from "node:util";
import { readFileSync } from "node:fs";
import * as v from "valibot";
import { readJsonText, tooDeep } from "../src/json-text.ts";

// What a client and a profile may have is for the API to say: `POST /v1/integrations`, `PUT /v1/profile`.
const planSchema = v.strictObject({
	account: v.strictObject({ name: v.string(), slug: v.string() }),
	person: v.strictObject({
		name: v.string(),
		username: v.string(),
		password: v.string(),
		profile: v.optional(v.record(v.string(), v.unknown()), {}),
	}),
	clients: v.array(v.looseObject({ name: v.string() })),
});

type State = "made" | "there" | "differs";
type Members = Readonly<Record<string, unknown>>;

interface Provisioned {
	readonly issuer: string;
	account?: { readonly slug: string; readonly state: State };
	person?: { readonly username: string; readonly profile: State };
	/** `client_secret` where it was made just now; null of a public client. */
	readonly clients: (Members & { readonly name: string; readonly state: State })[];
}

const { values, positionals } = parseArgs({ options: { at: { type: "string" } }, allowPositionals: true });
const [file] = positionals;
if (file === undefined || positionals.length > 1 || values.at === undefined) {
	giveUp("npm run provision -- <file.json> --at <issuer>");
}
const issuer = values.at.replace(/\/$/, "");
const plan = readPlan(file);
const done: Provisioned = { issuer, clients: [] };
try {
	await provision();
} catch (error) {
	const { message, cause } = error as Error;
	console.error(`provision: ${message}${cause instanceof Error ? `: ${cause.message}` : ""}`);
	process.exitCode = 1;
} finally {
	// Also what was made before a failure: nobody will show those secrets again.
	const { account, person, clients } = done;
	console.log(JSON.stringify({ issuer, account, person, clients }, null, "\t"));
}

async function provision(): Promise<void> {
	const { account, person, clients } = plan;
	const isNew = await setUp();
	done.account = { slug: account.slug, state: isNew ? "made" : "there" };
	const { username, password } = person;
	const login = await call("POST", "/auth/login", { username, password, account: account.slug });
	const token = String(login.access_token);
	done.person = { username, profile: await setProfile(token) };
	const known = await knownClients(token);
	for (const client of clients) {
		done.clients.push(await register(client, known, token));
	}
	const different = done.clients.filter((each) => each.state === "differs").map((each) => each.name);
	if (done.person.profile === "differs") different.unshift(username);
	if (different.length > 0)
		throw new Error(`There already, other than in the file, and left so: ${different.join(", ")}`);
}

/** Whether the account was made. The form is there until one is. */
async function setUp(): Promise<boolean> {
	const page = await fetch(`${issuer}/setup`);
	await page.body?.cancel();
	if (page.status === 404) return false;
	if (!page.ok) throw new Error(`${issuer}/setup answered ${page.status}`);
	const secret = process.env.SETUP_SECRET;
	if (secret === undefined) throw new Error("This deployment has no account yet: SETUP_SECRET has to be set");
	const { account, person } = plan;
	const { name, username, password } = person;
	const fields = { secret, account: account.name, slug: account.slug, name, username, password };
	const answer = await fetch(`${issuer}/setup`, { method: "POST", body: new URLSearchParams(fields) });
	if (answer.ok) return true;
	const text = await answer.text();
	// The form says what is wrong with it; anything else speaks for itself.
	const said = [...text.matchAll(/<li><a href="#[^"]*">([^<]*)/g)].map((match) => match[1]);
	throw new Error(`The account could not be made (${answer.status}): ${said.join(" ") || text}`);
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

async function knownClients(token: string): Promise<readonly Members[]> {
	const found: Members[] = [];
	let cursor = "";
	do {
		const page = await call("GET", `/v1/integrations?limit=100${cursor && `&cursor=${cursor}`}`, null, token);
		found.push(...(page.integrations as Members[]));
		cursor = typeof page.next === "string" ? encodeURIComponent(page.next) : "";
	} while (cursor !== "");
	return found.filter((each) => each.state === "active");
}

async function register(client: Members & { name: string }, known: readonly Members[], token: string) {
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

/** The members in which what is there is not as it is wanted. The order of a list means nothing. */
function differences(wanted: Members, found: Members): string[] {
	return Object.keys(wanted).filter((name) => !isDeepStrictEqual(tidy(wanted[name]), tidy(found[name])));
}

function tidy(value: unknown): unknown {
	return Array.isArray(value) ? value.map(String).toSorted() : value;
}

/** Throws with what the server had to say. */
async function call(method: string, path: string, body: Members | null, token: string | null = null): Promise<Members> {
	const response = await fetch(`${issuer}${path}`, {
		method,
		headers: {
			...(body && { "content-type": "application/json" }),
			...(token !== null && { authorization: `Bearer ${token}` }),
		},
		...(body && { body: JSON.stringify(body) }),
	});
	const text = await response.text();
	if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
	return text === "" ? {} : (JSON.parse(text) as Members);
}

function readPlan(path: string): v.InferOutput<typeof planSchema> {
	const read = readJsonText(readFileSync(path, "utf8"));
	if (!read.ok) return giveUp(`${path}: ${read.reason === "too_deep" ? tooDeep : "is not JSON"}`);
	const found = v.safeParse(planSchema, read.value);
	if (found.success) return found.output;
	return giveUp(found.issues.map((issue) => `${path}: ${v.getDotPath(issue) ?? ""} ${issue.message}`).join("\n"));
}

function giveUp(why: string): never {
	console.error(why);
	process.exit(2);
}
