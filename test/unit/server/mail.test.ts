import { pathToFileURL } from "node:url";
import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";
import { developmentSealKey } from "../../../src/config.ts";
import { createLog } from "../../../src/operations/log.ts";
import { type RunningServer, startServer } from "../../../src/server/start-server.ts";
import { type SmtpPeer, startSmtp } from "../../peers/smtp-server.ts";

const folders = {
	public: pathToFileURL(`${resolve("src/ui/public")}/`),
	migrations: pathToFileURL(`${resolve("src/platform/sql/migrations")}/`),
};
const from = { MAIL_FROM: "Acme <no-reply@acme.example>" };
const ada = { username: "ada", password: "ada-demo-password" };
const address = "ada@mail.example";

let server: RunningServer | null = null;
let smtp: SmtpPeer | null = null;
afterEach(async () => {
	await server?.stop();
	await smtp?.stop();
	server = smtp = null;
});

async function start(variables: Record<string, string>) {
	const lines: string[] = [];
	server = await startServer({
		variables: {
			ISSUER: "http://localhost:8787",
			SEAL_KEYS: `1:${developmentSealKey}`,
			DEMO_DATA: "on",
			DATA_FOLDER: ":memory:",
			PORT: "0",
			...variables,
		},
		folders,
		now: () => Math.floor(Date.now() / 1000),
		log: createLog((line) => lines.push(line)),
	});
	const origin = `http://127.0.0.1:${server.port}`;
	const headers: Record<string, string> = { "content-type": "application/json" };
	const send = async (method: string, path: string, body: object) => {
		const response = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
		return { status: response.status, body: JSON.parse(await response.text()) };
	};
	headers.authorization = `Bearer ${(await send("POST", "/auth/login", { ...ada, account: "acme" })).body.access_token}`;
	await send("PUT", "/v1/profile", { email: address });
	return { lines, ask: () => send("POST", "/v1/profile/verify_email", { password: ada.password }) };
}

describe("the server with a mail server beside it", () => {
	test("sends a letter by it, after the answer", async () => {
		smtp = await startSmtp({ disabledCommands: ["STARTTLS"] });
		const { ask } = await start({ ...from, SMTP_URL: `smtp://127.0.0.1:${smtp.port}` });
		expect((await ask()).status).toBe(202);
		await expect.poll(() => smtp?.received.length).toBe(1);
		const [received] = smtp.received;
		const raw = received?.raw ?? "";
		expect(received?.to).toEqual([address]);
		expect(raw).toContain("From: Acme <no-reply@acme.example>");
		// Long lines are folded (RFC 2045 §6.7).
		expect(raw.replaceAll("=\r\n", "")).toMatch(/http:\/\/localhost:8787\/verify\/lke_[\w-]{100,}\r\n/);
	});

	test("answers as ever while that one is away, and says so in the log, without the address", async () => {
		const { ask, lines } = await start({ ...from, SMTP_URL: "smtp://127.0.0.1:1" });
		expect((await ask()).status).toBe(202);
		const failures = () => lines.filter((line) => line.includes("mail.failed"));
		await expect.poll(failures).toHaveLength(1);
		expect(JSON.parse(failures()[0] ?? "")).toMatchObject({ letter: "verification", reason: "ESOCKET" });
		expect(lines.join("\n")).not.toContain("mail.example");
	});

	test("without mail there is no link to be had", async () => {
		const { ask } = await start({});
		expect(await ask()).toMatchObject({
			status: 409,
			body: { detail: "This deployment sends no mail: whoever runs it can set MAIL_FROM." },
		});
	});
});

test.each([
	[{ SMTP_URL: "smtp://127.0.0.1:1" }, "MAIL_FROM is missing"],
	[
		{ ISSUER: "https://id.example", SEAL_KEYS: `1:${"A".repeat(42)}E`, DEMO_DATA: "off", ...from },
		"MAIL_FROM needs SMTP_URL",
	],
	[{ SMTP_URL: "http://127.0.0.1:1", ...from }, "SMTP_URL must be"],
])("what is only half of it stops the start: %o", async (variables, message) => {
	await expect(start(variables as Record<string, string>)).rejects.toThrow(message);
});
