import { afterEach, describe, expect, test } from "vitest";
import { smtpMail } from "../../../src/platform/node/smtp-mail.ts";
import { type SmtpPeer, startSmtp } from "../../peers/smtp-server.ts";

const sender = { name: "Acme, Inc", address: "no-reply@acme.example" };
const message = { to: "ada@mail.example", subject: "Grüße", text: "One line.\n\nhttps://id.example/join/lki_x\n" };

let server: SmtpPeer | null = null;
afterEach(() => server?.stop());

describe("mail by SMTP", () => {
	test("arrives as it was written, from whom it says, and no absence notice answers it (RFC 3834 §2)", async () => {
		server = await startSmtp({ disabledCommands: ["STARTTLS"] });
		const mail = smtpMail(new URL(`smtp://ada:p%40ss@127.0.0.1:${server.port}`), sender, "id.example");
		await mail.send(message);
		const [received] = server.received;
		expect(received).toMatchObject({ from: sender.address, to: [message.to], user: "ada" });
		expect(received?.raw).toContain('From: "Acme, Inc" <no-reply@acme.example>\r\n');
		expect(received?.raw).toContain("Subject: =?UTF-8?Q?Gr=C3=BC=C3=9Fe?=\r\n");
		expect(received?.raw).toMatch(/^Auto-Submitted: auto-generated\r$/m);
		expect(received?.raw).toContain("\r\n\r\nOne line.\r\n\r\nhttps://id.example/join/lki_x\r\n");
	});

	test("is not sent in the clear to another machine: a server without TLS gets neither password nor letter", async () => {
		server = await startSmtp({ disabledCommands: ["STARTTLS"] });
		// This machine, by a name that says nothing of it.
		const mail = smtpMail(new URL(`smtp://ada:secret@0.0.0.0:${server.port}`), sender, "id.example");
		await expect(mail.send(message)).rejects.toMatchObject({ code: "ETLS" });
		expect(server.received).toEqual([]);
	});

	test("is sent to nobody who shows a certificate of their own making", async () => {
		server = await startSmtp({ secure: true });
		const mail = smtpMail(new URL(`smtps://0.0.0.0:${server.port}`), sender, "id.example");
		await expect(mail.send(message)).rejects.toThrow(/certificate/);
		expect(server.received).toEqual([]);
	});

	test("fails where the server does not take it", async () => {
		server = await startSmtp({ disabledCommands: ["STARTTLS"] });
		server.refuse(1);
		const mail = smtpMail(new URL(`smtp://127.0.0.1:${server.port}`), sender, "id.example");
		await expect(mail.send(message)).rejects.toMatchObject({ responseCode: 451 });
	});
});
