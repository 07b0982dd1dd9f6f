import { afterAll } from "vitest";
import type { Backstage, Started } from "./backstage.ts";
import type { Target } from "../support/target.ts";

/** The app in another process, over HTTP. `control` is where the project's global setup starts and stops deployments. */
export async function openHttp(control: string): Promise<Target> {
	const started = await post<Started>(`${control}/start`, []);
	afterAll(() => post(`${control}/stop`, [started.id]));
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
		runCron: verb("runCron"),
		keyRing: verb("keyRing"),
		logged: verb("logged"),
		send: (path, init) => fetch(started.origin + path, { redirect: "manual", ...init }),
	};
}

async function post<Answer>(url: string, args: readonly unknown[]): Promise<Answer> {
	const response = await fetch(url, { method: "POST", body: JSON.stringify(args) });
	if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
	const answer: { value: Answer } = JSON.parse(await response.text());
	return answer.value;
}
