import { build } from "esbuild";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { afterAll, expect, test } from "vitest";

// The binding as workerd has it locally: it says what it was given, and refuses a sender that it was not set up for.

class Lines extends Log {
	readonly all: string[] = [];
	protected override log(line: string): void {
		this.all.push(line);
	}
}

const lines = new Lines(LogLevel.INFO);
const worker = await build({
	stdin: {
		contents: `
			import { cloudflareMail } from "./src/platform/cloudflare/mail.ts";
			export default {
				async fetch(request, env) {
					const { sender, message } = await request.json();
					const mail = cloudflareMail(env, sender);
					if (mail === null) return new Response("none");
					return mail.send(message).then(() => new Response("sent"), (error) => new Response(error.message));
				},
			}`,
		resolveDir: process.cwd(),
		loader: "ts",
	},
	bundle: true,
	format: "esm",
	write: false,
});
const miniflare = new Miniflare(
	convertV4MiniflareOptions({
		modules: true,
		script: worker.outputFiles[0]?.text ?? "",
		compatibilityDate: "2026-10-20",
		email: { send_email: [{ name: "EMAIL", allowed_sender_addresses: ["no-reply@acme.example"] }] },
		log: lines,
		telemetry: { enabled: false },
		cf: false,
	}),
);
afterAll(() => miniflare.dispose());

const message = { to: "ada@mail.example", subject: "Grüße", text: "One line.\n" };

async function send(sender: { name: string | null; address: string } | null): Promise<string> {
	const body = JSON.stringify({ sender, message });
	return (await miniflare.dispatchFetch("http://localhost/", { method: "POST", body })).text();
}

test("Cloudflare's binding takes a message, with the sender's name and without, and what it refuses fails", async () => {
	expect(await send({ name: "Acme", address: "no-reply@acme.example" })).toBe("sent");
	expect(await send({ name: null, address: "no-reply@acme.example" })).toBe("sent");
	expect(await send({ name: null, address: "somebody@acme.example" })).toMatch(/not allowed/);
	await expect.poll(() => lines.all.join("\n")).toContain("Subject: Grüße");
	expect(lines.all.join("\n")).toMatch(/From: "?Acme"? <no-reply@acme\.example>\nTo: ada@mail\.example/);
});

test("without an address to send from there is no mail", async () => {
	expect(await send(null)).toBe("none");
});
