import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { accountApi } from "../peers/account-api.ts";
import { startSmtp } from "../peers/smtp-server.ts";
import type { RunningServer } from "../runners/running-server.ts";
import { startOnDeno, startOnNode } from "../runners/start-serve.ts";
import { startWorker } from "../runners/start-worker.ts";
import { demo } from "../support/demo-world.ts";
import { createPerson } from "../support/person.ts";

// Whatever is mailed, by what each platform sends it by, as it is deployed: Cloudflare's binding, and a server for mail.

const mailFrom = "no-reply@acme.example";
const address = "ada@mail.example";

interface Letter {
	readonly to: string;
	readonly subject: string;
	readonly text: string;
}

interface Sending {
	readonly server: RunningServer;
	readonly letters: () => readonly Letter[];
	readonly stop: () => Promise<void>;
}

async function byBinding(): Promise<Sending> {
	const server = await startWorker({ mailFrom });
	return { server, letters: () => lettersIn(server.output()), stop: () => server.stop() };
}

async function bySmtp(start: typeof startOnNode): Promise<Sending> {
	const smtp = await startSmtp({ disabledCommands: ["STARTTLS"] });
	const variables = { MAIL_FROM: mailFrom, SMTP_URL: `smtp://127.0.0.1:${smtp.port}` };
	const server = await start({ variables });
	return {
		server,
		letters: () => smtp.received.map(({ raw, to }) => ({ to: to.join(), ...readMessage(raw) })),
		async stop() {
			await server.stop();
			await smtp.stop();
		},
	};
}

describe.each([
	["Cloudflare, by the binding send_email", byBinding],
	["Node, by SMTP", () => bySmtp(startOnNode)],
	["Deno, by SMTP", () => bySmtp(startOnDeno)],
])("%s", (_, start) => {
	test("an invitation, the question whose an address is, a way back in, and an alert: each has one link, which works", async () => {
		const { server, letters, stop } = await start();
		try {
			const { origin } = server;
			const letter = async (nth: number): Promise<Letter> => {
				await expect.poll(() => letters().length, { timeout: 10_000 }).toBe(nth);
				return letters()[nth - 1] as Letter;
			};
			const api = await accountApi(origin, demo.ada, "acme");

			await api("POST", "/v1/invitations", { role: "member", email: "grace@mail.example" });
			const invitation = await letter(1);
			expect(invitation).toMatchObject({ to: "grace@mail.example", subject: expect.stringContaining("Invitation") });
			expect((await createPerson(origin).open(linkOf(invitation, `${origin}/join/lki_`))).html).toContain("Acme");

			await api("PUT", "/v1/profile", { email: address });
			await api("POST", "/v1/profile/verify_email", { password: demo.ada.password });
			const question = await letter(2);
			expect(question).toMatchObject({ to: address, subject: expect.stringContaining("Is this your address?") });
			const ada = createPerson(origin);
			const opened = await ada.open(linkOf(question, `${origin}/verify/lke_`));
			const asked = await ada.submit(opened, "Sign in", { ...demo.ada });
			expect((await ada.submit(asked, "Yes, it is mine")).status).toBe(200);

			const stranger = createPerson(origin);
			const form = await stranger.open("/recover?by=mail");
			await stranger.submit(form, "Send me a link", { username: demo.ada.username });
			const wayBack = await letter(3);
			expect(wayBack).toMatchObject({ to: address, subject: expect.stringContaining("Your way back in") });
			const choosing = await stranger.open(linkOf(wayBack, `${origin}/recover/lkv_`));
			const password = "a wholly new secret";
			await stranger.submit(choosing, "Set the new password", { new_password: password });

			const alert = await letter(4);
			expect(alert).toMatchObject({ to: address, subject: expect.stringContaining("Alert") });
			expect(alert.text).toContain("a way back in to your sign-in there was used");
		} finally {
			await stop();
		}
	});
});

/** The one link of a letter: a page of ours, and a sealed token that tells nobody anything. */
function linkOf({ text }: Letter, start: string): string {
	const links = text.match(/\bhttps?:\S+/g) ?? [];
	const [link = "", ...others] = links.filter((each) => each !== new URL(each).origin);
	expect(others).toEqual([]);
	expect(link.startsWith(start)).toBe(true);
	expect(link.slice(start.length)).toMatch(/^[\w-]{100,}$/);
	return link;
}

/** What workerd's binding says of each letter on a developer's machine. */
function lettersIn(output: string): readonly Letter[] {
	const told = output.matchAll(/From: (.*)\nTo: (.*)\nSubject: (.*)\n(?:.*\n)*?Text: (\S+)/g);
	return [...told].map(([, from, to = "", subject = "", file = ""]) => {
		expect(from).toBe(mailFrom);
		return { to, subject, text: readFileSync(file, "utf8") };
	});
}

/** A message of one part, as RFC 5322 has it, its text in quoted-printable (RFC 2045 §6.7) or as it is. */
function readMessage(raw: string): Pick<Letter, "subject" | "text"> {
	const [head = "", ...body] = raw.split("\r\n\r\n");
	expect(head).toContain(`From: ${mailFrom}`);
	const text = body.join("\n\n").replaceAll("=\r\n", "").replaceAll("\r\n", "\n").replaceAll("=3D", "=");
	return { subject: /^Subject: (.*)/m.exec(head)?.[1] ?? "", text };
}
