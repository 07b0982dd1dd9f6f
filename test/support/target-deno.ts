import type { Backstage, Started } from "./backstage.ts";
import type { Target } from "./target.ts";

/** The app in another process, on Deno, over HTTP. `control` is where serve.deno.ts listens. */
export async function openDeno(control: string): Promise<Target> {
	const { id, origin, now: startedAt } = await post<Started>(`${control}/start`, []);
	let clock = startedAt;
	const verb =
		<Verb extends keyof Backstage>(name: Verb) =>
		(...args: Parameters<Backstage[Verb]>) =>
			post<Awaited<ReturnType<Backstage[Verb]>>>(`${control}/${id}/${name}`, args);
	const advance = verb("advance");
	return {
		now: () => clock,
		async advance(seconds) {
			await advance(seconds);
			clock += seconds;
		},
		addRows: verb("addRows"),
		changeKey: verb("changeKey"),
		setStanding: verb("setStanding"),
		runCron: verb("runCron"),
		keyRing: verb("keyRing"),
		logged: verb("logged"),
		send: (path, init) => fetch(origin + path, { redirect: "manual", ...init }),
	};
}

async function post<Answer>(url: string, args: readonly unknown[]): Promise<Answer> {
	const response = await fetch(url, { method: "POST", body: JSON.stringify(args) });
	if (!response.ok) throw new Error(`${url}: ${await response.text()}`);
	const answer: { value: Answer } = JSON.parse(await response.text());
	return answer.value;
}
