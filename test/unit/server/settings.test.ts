import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { readSettings, settingNames } from "../../../src/server/settings.ts";

const folder = { DATA_FOLDER: "/data" };

describe("the server's settings", () => {
	test("ask for a folder alone, and keep to this machine", () => {
		expect(readSettings(folder)).toEqual({
			folder: "/data",
			host: "127.0.0.1",
			port: 8787,
			clientAddress: { kind: "socket" },
			lostFiles: [],
			smtp: null,
		});
	});

	test.for([
		[{}, "DATA_FOLDER is missing"],
		[{ DATA_FOLDER: "" }, "DATA_FOLDER is missing"],
		[{ ...folder, PORT: "http" }, "PORT must be"],
		[{ ...folder, PORT: "65536" }, "PORT must be"],
		[{ ...folder, PORT: "-1" }, "PORT must be"],
		[{ ...folder, PORT: "1e3" }, "PORT must be"],
		[{ ...folder, CLIENT_ADDRESS: "x-forwarded-for" }, "CLIENT_ADDRESS must be"],
		[{ ...folder, LOST_FILES: "everything" }, "LOST_FILES must be"],
		[{ ...folder, SMTP_URL: "mail.example" }, "SMTP_URL must be"],
		[{ ...folder, SMTP_URL: "https://mail.example" }, "SMTP_URL must be"],
		[{ ...folder, SMTP_URL: "smtp:///path" }, "SMTP_URL must be"],
		[{ ...folder, SMTP_URL: "smtps://mail.example/inbox" }, "SMTP_URL must be"],
		[{ ...folder, SMTP_URL: "smtps://ada:50%off@mail.example" }, "SMTP_URL must be"],
		// Of the library's options some would take a certificate of anybody's.
		[{ ...folder, SMTP_URL: "smtps://mail.example?tls.rejectUnauthorized=false" }, "SMTP_URL must be"],
	] as const)("name the variable that is wrong: %o", ([variables, message]) => {
		expect(() => readSettings(variables)).toThrow(message);
	});

	test("say no password of SMTP_URL", () => {
		expect(() => readSettings({ ...folder, SMTP_URL: "smtp://ada:hunter2@mail.example?x" })).not.toThrow("hunter2");
	});
});

test("Deno may read every variable that there is, and the README names them", () => {
	const config = readFileSync("src/config.ts", "utf8");
	const read = [...config.matchAll(/text\("([A-Z_]+)"\)/g)].map(([, name = ""]) => name);
	const { tasks } = JSON.parse(readFileSync("deno.json", "utf8")) as {
		tasks: Record<"start" | "serve", { command: string }>;
	};
	const readme = readFileSync("README.md", "utf8");
	for (const name of [...read, ...settingNames]) {
		for (const { command } of [tasks.start, tasks.serve]) {
			expect(/--allow-env=(\S+)/.exec(command)?.[1]?.split(",")).toContain(name);
		}
		expect(readme).toContain(`\`${name}\``);
	}
});
