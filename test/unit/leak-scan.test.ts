import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keyFileFormats, writeKeyFile } from "../../src/dialects/key-file.ts";
import { passwordsIn, scanFor, secretsIn } from "../runners/leak-scan.ts";
import { fastFolder } from "../runners/temporary-folder.ts";

// What test/runners/target-http.ts does after each file: it has to find what is there.

const random = (of: string) => createHash("sha512").update(of).digest("base64url");
const secrets = [
	...["lk_", "lkcs_", "lkrt_", "lkc_", "lkr_", "lks_"].map((prefix) => prefix + random(prefix)),
	`eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.${random("token")}`,
	"correct horse / battery",
	`lkd_${random("lkd_")}`,
	`lkb_${random("lkb_")}`,
];
const spellings: Readonly<Record<string, (secret: string) => string>> = {
	clear: (secret) => secret,
	url: encodeURIComponent,
	form: (secret) => new URLSearchParams({ a: secret }).toString(),
	json: (secret) => JSON.stringify({ secret }),
	hex: (secret) => Buffer.from(secret.split(".").at(-1) ?? "").toString("hex"),
	HEX: (secret) =>
		Buffer.from(secret.split(".").at(-1) ?? "")
			.toString("hex")
			.toUpperCase(),
	base64: (secret) => Buffer.from(secret.split(".").at(-1) ?? "").toString("base64"),
	base64url: (secret) => Buffer.from(secret.split(".").at(-1) ?? "").toString("base64url"),
	"base64 after one": (secret) => btoa(`a${secret.split(".").at(-1)}z`),
	"base64 after an id": (secret) => btoa(`id:${secret.split(".").at(-1)}`),
	part: (secret) => (secret.length > 50 ? secret.slice(-40) : secret),
};
let folder: string;

beforeAll(async () => {
	folder = await fastFolder();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(Object.keys(spellings))("a secret that is written as %s is found", async (spelling) => {
	for (const secret of secrets) {
		const planted = spellings[spelling]?.(secret) ?? "";
		const other = `lk_${random("other")}`;
		const scan = await scanFor([other, secret], folder, ["{}", `{"event":"x","reason":"a ${planted} b"}`]);
		expect(scan).toMatchObject({ secrets: 2, files: 0, lines: 2 });
		const [found = "", ...more] = new Set(scan.found.map((each) => each.slice(0, "log: ".length + 9)));
		expect([found, more]).toEqual([`log: ${secret.slice(0, 9)}`, []]);
	}
});

test("in the rows of a database, deleted ones too, in whichever folder", async () => {
	const inside = join(folder, "do/objects");
	await mkdir(inside, { recursive: true });
	const database = new DatabaseSync(join(inside, "one.sqlite"));
	database.exec("CREATE TABLE t (a TEXT, b BLOB)");
	const insert = database.prepare("INSERT INTO t VALUES (?, ?)");
	insert.run("nothing", Buffer.from("nothing"));
	expect((await scanFor(secrets, folder, [])).found).toEqual([]);
	insert.run(`x${secrets[0]}`, Buffer.from(secrets[1] ?? ""));
	database.exec("DELETE FROM t WHERE a != 'nothing'");
	database.close();
	const scan = await scanFor(secrets, folder, []);
	const found = new Set(scan.found.map((each) => each.slice(0, 17)));
	expect([...found].toSorted()).toEqual([`one.sqlite: ${secrets[0]?.slice(0, 5)}`, "one.sqlite: lkcs_"]);
	expect([scan.secrets, scan.files]).toEqual([secrets.length, 1]);
	await rm(inside, { recursive: true });
});

test("what has another secret's beginning is none", async () => {
	await writeFile(join(folder, "x"), `${secrets[0]?.slice(0, 30)} eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.`);
	expect((await scanFor(secrets, folder, [])).found).toEqual([]);
	await rm(join(folder, "x"));
});

test("an answer's secrets are gathered by their form", () => {
	const token = btoa(`BLU-0:${secrets[0]}`);
	const text = JSON.stringify({
		access_token: secrets[6],
		code: secrets[3],
		client_id: `lkid_${random("client")}`,
		token,
	});
	expect(secretsIn(text)).toEqual([secrets[3], secrets[6], token]);
	expect(secretsIn(`__Host-latchkey=${secrets[5]}; Path=/`)).toEqual([secrets[5]]);
	expect(secretsIn(JSON.stringify({ device_code: secrets.at(-2) }))).toEqual([secrets.at(-2)]);
	expect(secretsIn(`<code>${secrets[0]}</code> lk_… lkp_${random("public")}`)).toEqual([secrets[0]]);
	expect(secretsIn(`lkid_A${secrets[0]} ${random("id")}lkc_${random("id")}`)).toEqual([]);
});

test("the browser's cookie and the token of a key file, in whichever format, are secrets too", () => {
	const browser = secrets.at(-1) ?? "";
	expect(secretsIn(`__Host-latchkey-browser=${browser}; Path=/`)).toEqual([browser]);
	const token = btoa(`BLU-0:${random("key file")}`);
	const file = { url: "https://latchkey.example", id: "BLU-0", key: "k", token };
	for (const format of keyFileFormats) expect(secretsIn(writeKeyFile(file, "k", format).text)).toEqual([token]);
});

test("a long answer without a line's end takes no longer than its length", () => {
	const answer = { documents: Array.from({ length: 40_000 }, (_, n) => ({ id: random(String(n)) })), code: secrets[3] };
	expect(secretsIn(JSON.stringify(answer))).toEqual([secrets[3]]);
});

test("a request's passwords are gathered, but for those that are words", () => {
	expect(passwordsIn('{"username":"ada","password":"ada-demo-password"}')).toEqual(["ada-demo-password"]);
	expect(passwordsIn("a=1&new_password=ada-demo%2Dpassword")).toEqual(["ada-demo-password"]);
	expect(passwordsIn("password=x&password_hint=aaaaaaaaaaaaaaaa")).toEqual([]);
});
