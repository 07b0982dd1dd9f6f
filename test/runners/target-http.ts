import { afterAll } from "vitest";
import type { Backstage, Started } from "./backstage.ts";
import { passwordsIn, type Scan, secretsIn } from "./leak-scan.ts";
import type { Target } from "../support/target.ts";

/** The app in another process, over HTTP. `control` is where the project's global setup starts and stops deployments. */
export async function openHttp(control: string): Promise<Target> {
	const started = await post<Started>(`${control}/start`, []);
	const secrets = new Set<string>();
	const read: Promise<void>[] = [];
	const keep = (more: readonly string[]) => more.forEach((each) => secrets.add(each));
	afterAll(async () => {
		await Promise.all(read);
		const lines = await verb("logged")();
		const { found } = await post<Scan>(`${control}/stop`, [started.id, [...secrets], lines]);
		// DESIGN §4.6. In whichever test, so that nothing is handed out anywhere without being looked for.
		if (found.length > 0)
			throw new Error(`What is secret can be read in what is stored or logged:\n${found.join("\n")}`);
	});
	let clock = started.now;
	const verb =
		<Verb extends keyof Backstage>(name: Verb) =>
		(...args: Parameters<Backstage[Verb]>) =>
			post<Awaited<ReturnType<Backstage[Verb]>>>(`${started.backstage}/${name}`, args);
	const advance = verb("advance");
	return {
		now: () => clock,
		async advance(seconds) {
			await advance(seconds);
			clock += seconds;
		},
		addRows: verb("addRows"),
		addEvents: verb("addEvents"),
		changeKey: verb("changeKey"),
		setStanding: verb("setStanding"),
		setTotal: verb("setTotal"),
		runCron: verb("runCron"),
		sendDueLogouts: verb("sendDueLogouts"),
		sendDueWebhooks: verb("sendDueWebhooks"),
		keyRing: verb("keyRing"),
		logged: verb("logged"),
		stored: () => post(`${control}/stored`, [started.id]),
		async send(path, init) {
			if (typeof init.body === "string") keep(passwordsIn(init.body));
			const headers = new Headers(init.headers);
			// The next request would be on its way on a connection that ends.
			if (started.endsConnections) headers.set("connection", "close");
			const response = await fetch(started.origin + path, { redirect: "manual", ...init, headers });
			keep(secretsIn([...response.headers.values(), ...response.headers.getSetCookie()].join("\n")));
			const told = response.clone().text();
			read.push(
				told.then(
					(text) => keep(secretsIn(text)),
					() => {}, // whoever asked has gone
				),
			);
			return response;
		},
	};
}

async function post<Answer>(url: string, args: readonly unknown[]): Promise<Answer> {
	const response = await fetch(url, { method: "POST", body: JSON.stringify(args) });
	if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
	const answer: { value: Answer } = JSON.parse(await response.text());
	return answer.value;
}
