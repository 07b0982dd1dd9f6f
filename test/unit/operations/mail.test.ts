import { describe, expect, test } from "vitest";
import { developmentSealKey, readConfig } from "../../../src/config.ts";
import { systemRandom } from "../../../src/crypto/random.ts";
import type { Mail, Message } from "../../../src/domain/mail.ts";
import { isMailOn, sendMail } from "../../../src/operations/mail/send-mail.ts";
import {
	alertLetter,
	invitationLetter,
	recoveryLetter,
	verificationLetter,
} from "../../../src/operations/mail/letters.ts";
import { createServices } from "../../../src/operations/upkeep/create-services.ts";
import { openPlatform } from "../../../src/platform/node/platform.ts";

const now = () => 1_800_000_000;
const config = readConfig({ ISSUER: "https://id.example/base", SEAL_KEYS: `1:${"A".repeat(42)}E` });
const link = { url: "https://id.example/base/join/lki_secret", expiresAt: 1_800_000_000 };

function deployment(mail: Mail | null) {
	const lines: unknown[] = [];
	const work: Promise<void>[] = [];
	const services = createServices(config, openPlatform(":memory:", { now }).platform, {
		now,
		random: systemRandom,
		log: (event, detail) => lines.push([event, detail]),
		later: (each) => work.push(each),
		mail,
	});
	return { services, lines, settled: () => Promise.all(work) };
}

/** Takes what it is given, once it has failed so often. */
function mailbox(failures = 0): Mail & { readonly sent: Message[]; tries: number } {
	const sent: Message[] = [];
	return {
		sent,
		tries: 0,
		async send(message) {
			this.tries += 1;
			if (this.tries <= failures) {
				throw Object.assign(new Error(`no mailbox ${message.to}`), { code: "EENVELOPE" });
			}
			sent.push(message);
		},
	};
}

const letter = invitationLetter("Acme", link, { config });
const posting = { to: "ada@mail.example", letter, sender: "acme" };

describe("sending", () => {
	test("goes on after the answer, and is tried once more where it failed", async () => {
		const box = mailbox(1);
		const { services, settled, lines } = deployment(box);
		expect(isMailOn(services)).toBe(true);
		expect(await sendMail(posting, services)).toEqual({ kind: "on_its_way" });
		await settled();
		expect(box.sent).toEqual([{ to: "ada@mail.example", subject: letter.subject, text: letter.text }]);
		expect(lines).toEqual([]);
	});

	test("what fails twice is in the log, without the address, and fails no request", async () => {
		const box = mailbox(2);
		const { services, settled, lines } = deployment(box);
		expect(await sendMail(posting, services)).toEqual({ kind: "on_its_way" });
		await settled();
		expect([box.tries, box.sent]).toEqual([2, []]);
		expect(lines).toEqual([["mail.failed", { letter: "invitation", reason: "EENVELOPE" }]]);
	});

	test("a reason that is no code is not in the log: it might quote whom the letter was for", async () => {
		const { services, settled, lines } = deployment({
			send: () =>
				Promise.reject(Object.assign(new Error("ada@mail.example"), { code: "to ada@mail.example", name: "" })),
		});
		await sendMail(posting, services);
		await settled();
		expect(lines).toEqual([["mail.failed", { letter: "invitation", reason: "unknown" }]]);
	});

	test("where none is set up, nothing is sent, and it is said", async () => {
		const { services } = deployment(null);
		expect(isMailOn(services)).toBe(false);
		expect(await sendMail(posting, services)).toEqual({ kind: "off" });
	});

	test.each([
		"ada@mail.example\r\nBcc: everybody@mail.example",
		"ada@mail.example, grace@mail.example",
		"Ada <ada@mail.example>",
		"ada@mail.example\n",
		"ada",
	])("what would be more than one address, or more than one header, is sent nowhere: %j", async (to) => {
		const box = mailbox();
		const { services, settled } = deployment(box);
		expect(await sendMail({ ...posting, to }, services)).toEqual({ kind: "malformed" });
		await settled();
		expect(box.tries).toBe(0);
	});

	test("nobody's mailbox is filled, in whichever case they are written: ten of a kind in an hour", async () => {
		const box = mailbox();
		const { services, settled } = deployment(box);
		const send = (to: string, sender: string, kind = letter) => sendMail({ to, letter: kind, sender }, services);
		const answers = await Promise.all(
			Array.from({ length: 12 }, (_, time) =>
				send(time % 2 ? "ada@mail.example" : "Ada@Mail.example", `account ${time}`),
			),
		);
		expect(answers.filter(({ kind }) => kind === "limited")).toHaveLength(2);
		// What strangers have sent of one kind keeps nothing of another from them.
		expect(await send("ada@mail.example", "acme", recoveryLetter(link, { config }))).toEqual({ kind: "on_its_way" });
		await settled();
		expect(box.sent).toHaveLength(11);
	});

	test("nobody has us write to the whole world: a hundred in an hour", async () => {
		const { services } = deployment(mailbox());
		const kinds: string[] = [];
		for (let time = 0; time < 101; time++) {
			kinds.push((await sendMail({ ...posting, to: `p${time}@mail.example` }, services)).kind);
		}
		expect(kinds.filter((kind) => kind === "on_its_way")).toHaveLength(100);
		expect(kinds.at(-1)).toBe("limited");
		expect(await sendMail({ ...posting, to: "p@mail.example", sender: "globex" }, services)).toEqual({
			kind: "on_its_way",
		});
	});
});

describe("letters", () => {
	test("have one secret, which is the link, and say until when it works", () => {
		for (const each of [letter, recoveryLetter(link, { config }), verificationLetter(link, { config })]) {
			expect(each.subject).not.toMatch(/lki_|\n/);
			expect(each.text.split("lki_secret")).toHaveLength(2);
			expect(each.text).toContain(`\n\n${link.url}\n\nIt works once, until 2027-01-15 08:00 UTC.\n\n`);
			expect(each.text).toContain("https://id.example/base wrote this by itself.");
		}
		expect(
			alertLetter("Refresh token used again", "https://id.example/base/console/acme/alerts", { config }),
		).toMatchObject({
			subject: "Alert of id.example: Refresh token used again",
			text: expect.stringContaining("\n\nhttps://id.example/base/console/acme/alerts\n\n"),
		});
	});

	test.each([
		["Acme", "Acme"],
		["Win at https://evil.example/x now", "Win at https: / / evil. example/ x now"],
		["a@evil.example", "a@ evil. example"],
		["evil.example", "evil. example"],
		["two\r\nlines\u2028here", "two lines here"],
		["” at bank, and “", "' at bank, and '"],
		["\u202eemca", "emca"],
		["x".repeat(100), `${"x".repeat(59)}…`],
	])("the name of an account can neither be a link nor seem to be ours: %j", (name, shown) => {
		const { text, subject } = invitationLetter(name, link, { config });
		expect(text).toContain(`the account “${shown}” at id.example.`);
		expect(subject).toBe("Invitation to id.example");
		// No line of the letter is somebody else's.
		expect(text.split("\n")).toHaveLength(letter.text.split("\n").length);
	});
});

test("on a developer's machine mail goes to the terminal and to /mail, and nowhere else at all", async () => {
	const shown: string[] = [];
	const local = readConfig({
		ISSUER: "http://localhost:8787",
		SEAL_KEYS: `1:${developmentSealKey}`,
		MAIL_FROM: "latchkey@mail.example",
	});
	const services = createServices(local, openPlatform(":memory:", { now }).platform, {
		now,
		random: systemRandom,
		log: () => {},
		show: (text) => shown.push(text),
	});
	for (let time = 0; time < 105; time++) {
		await sendMail({ to: `p${time}@mail.example`, letter, sender: `${time}` }, services);
	}
	expect(services.outbox?.kept()).toHaveLength(100);
	expect(services.outbox?.kept()[0]).toMatchObject({ to: "p104@mail.example", text: letter.text, at: now() });
	expect(shown).toHaveLength(105);
	expect(shown[0]).toContain(link.url);
});
