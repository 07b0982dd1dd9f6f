import { expect, test } from "vitest";
import { developmentSealKey } from "../../src/config.ts";
import type { Message } from "../../src/domain/mail.ts";
import { startMemoryApp } from "../runners/memory-app.ts";

// An invitation whose link is mailed, where the deployment sends mail.

const issuer = "http://localhost:8787";

async function deployment(variables: Readonly<Record<string, string>> = { MAIL_FROM: "latchkey@mail.example" }) {
	const sent: Message[] = [];
	const mail = "MAIL_FROM" in variables ? { send: async (message: Message) => void sent.push(message) } : null;
	const local = { ISSUER: issuer, SEAL_KEYS: `1:${developmentSealKey}`, DEMO_DATA: "on", ...variables };
	const app = await startMemoryApp(local, { mail });
	async function post(path: string, body: object, headers: Record<string, string> = {}) {
		const init = {
			method: "POST",
			body: JSON.stringify(body),
			headers: { "content-type": "application/json", ...headers },
		};
		const response = await app.fetch(new Request(issuer + path, init));
		return { status: response.status, body: (await response.json()) as Record<string, unknown> };
	}
	const { body } = await post("/auth/login", { username: "ada", password: "ada-demo-password", account: "acme" });
	const invite = (email: string | null) =>
		post("/v1/invitations", { role: "member", email }, { authorization: `Bearer ${String(body.access_token)}` });
	return { sent, invite };
}

test("its letter has the link, and whoever invited has it too", async () => {
	const { sent, invite } = await deployment();
	const made = await invite("rosalind@acme.example");
	expect([made.status, made.body.mailed]).toEqual([201, true]);
	await expect.poll(() => sent.map(({ to }) => to)).toEqual(["rosalind@acme.example"]);
	expect(sent[0]?.text).toContain("lki_");
	expect(made.body.url).toContain("/join/lki_");
});

test("nobody's mailbox is filled: the eleventh is made, and not mailed", async () => {
	const { sent, invite } = await deployment();
	const mailed = [];
	for (let count = 0; count < 11; count++) mailed.push((await invite("rosalind@acme.example")).body.mailed);
	expect(mailed).toEqual([...Array.from({ length: 10 }, () => true), false]);
	expect((await invite("another@acme.example")).body.mailed).toBe(true);
	await expect.poll(() => sent.length).toBe(11);
});

test("without an address, and where no mail is sent, there is none", async () => {
	const one = await deployment();
	expect((await one.invite(null)).body.mailed).toBe(false);
	const other = await deployment({});
	expect((await other.invite("rosalind@acme.example")).body.mailed).toBe(false);
	expect([...one.sent, ...other.sent]).toEqual([]);
});
