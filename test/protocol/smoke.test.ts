import { expect, test } from "vitest";
import { advance, demo, now, send, targetName } from "../support/target.ts";
test("smoke", async () => {
	const r = await send("/");
	console.log(targetName, r.status, now(), demo.integration.client.id, r.headers.get("cache-control"));
	const h = await send(`/integrations/${demo.integration.client.id}`, {headers:{"sec-fetch-site":"cross-site", origin: "null", cookie: "a=b"}});
	console.log(h.status, (await h.text()).length);
	await advance(10);
	console.log(now());
	expect(r.status).toBe(200);
});
