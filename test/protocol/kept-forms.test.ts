import { describe, expect, test } from "vitest";
import { demo } from "../support/demo-world.ts";
import { atConsole, filledIn, wordsOf } from "../support/console.ts";
import { newName } from "../support/keys-api.ts";
import { ada } from "../support/people.ts";
import { type Answer, ask, locationOf, ownPage, postForm } from "../support/requests.ts";
import { issuer } from "../support/target.ts";

// A sign-in may end while somebody fills in a form.

const page = "/console/acme/keys/new";

function formCookie({ headers }: Answer): string {
	return /__Host-latchkey-form=[^;]*/.exec(headers.get("set-cookie") ?? "")?.[0] ?? "";
}

/** As a browser sends a form whose sign-in has ended. */
function sentLate(fields: Record<string, string>, action = page, at = page): Promise<Answer> {
	return postForm(action, { csrf: "of-a-sign-in-that-ended", ...fields }, { ...ownPage, referer: issuer + at });
}

describe("a form that is sent after the sign-in has ended", () => {
	test("leads to signing in, and from there to its page, filled in as it was; that is shown once", async () => {
		const visitor = await atConsole(ada);
		const name = newName('Kept "quoted"');
		const fields = { name, tags: "late, très", type: "integration", [`policies:${demo.policyId}`]: "on" };
		const late = await sentLate({ nonce: "x".repeat(22), ...fields });
		expect(locationOf(late).pathname + locationOf(late).search).toBe(`/sign-in?continue=${encodeURIComponent(page)}`);

		const cookie = `${visitor.cookie}; ${formCookie(late)}`;
		const back = await ask(page, { headers: { cookie } });
		expect(back.text).toContain("Your sign-in had ended.");
		expect(filledIn(back, page)).toMatchObject(fields);
		expect(back.headers.get("set-cookie")).toContain("__Host-latchkey-form=; ");
		const sent = await postForm(page, filledIn(back, page), { cookie, ...ownPage });
		expect([sent.status, wordsOf(sent)]).toEqual([200, expect.stringContaining("Save its key file now.")]);
		expect((await visitor.open(page)).text).not.toContain("Your sign-in had ended.");
	});

	test("fills in no other form, and no other page", async () => {
		const settings = "/console/acme/settings";
		const { cookie } = await atConsole(ada);
		const late = formCookie(await sentLate({ name: "Not hers" }, settings, settings));
		const other = await ask(`${settings}/account`, { headers: { cookie: `${cookie}; ${late}` } });
		expect(other.text).not.toContain("Not hers");
		const elsewhere = formCookie(await sentLate({ name: "Not hers" }, page, settings));
		const drawn = await ask(settings, { headers: { cookie: `${cookie}; ${elsewhere}` } });
		expect(drawn.text).not.toContain("Not hers");
	});

	test("no secret is kept", async () => {
		const security = "/console/acme/security/password";
		const secrets = { password: "it-was-secret-1", new_password: "it-was-secret-2", client_secret: "it-was-secret-3" };
		const late = await sentLate({ name: "visible", ...secrets }, security, security);
		const [, value = ""] = formCookie(late).split("=");
		const kept = Buffer.from(value, "base64url").toString();
		expect(kept).toContain("visible");
		expect(kept).not.toContain("it-was-secret");
		expect(kept).not.toContain("of-a-sign-in-that-ended");
		// What is pasted into the search may be one.
		expect(formCookie(await sentLate({ q: demo.accessCode }, "/console/acme/keys", "/console/acme/keys"))).toBe("");
	});

	test("what is too long for a cookie is not kept, and that is said", async () => {
		const { cookie } = await atConsole(ada);
		const late = await sentLate({ name: "x".repeat(5000) });
		expect(formCookie(late).length).toBeLessThan(200);
		const back = await ask(page, { headers: { cookie: `${cookie}; ${formCookie(late)}` } });
		expect(back.text).toContain("too long to be kept");
	});

	test("of another site's form, or one that stood nowhere here, nothing is kept", async () => {
		const foreign = { "sec-fetch-site": "cross-site", referer: "https://evil.example/" };
		const refused = await postForm(page, { name: "Planted" }, foreign);
		expect([refused.status, formCookie(refused)]).toEqual([403, ""]);
		for (const referer of [
			"https://evil.example/console/acme/keys/new",
			"nonsense",
			`${issuer}/console`.replace("://", "://x"),
		]) {
			const late = await postForm(page, { name: "Planted" }, { ...ownPage, referer });
			expect([locationOf(late).search, formCookie(late)]).toEqual([`?continue=${encodeURIComponent("/")}`, ""]);
		}
	});

	test("a cookie that is none of ours is as none", async () => {
		const { cookie } = await atConsole(ada);
		const wrong = [
			"!",
			"gICA",
			"bnVsbA",
			btoa(JSON.stringify({ at: page, action: page, fields: [["name"]] })).replaceAll("=", ""),
		];
		for (const each of wrong) {
			const answer = await ask(page, { headers: { cookie: `${cookie}; __Host-latchkey-form=${each}` } });
			expect([each, answer.status, filledIn(answer, page).name]).toEqual([each, 200, ""]);
		}
	});
});
