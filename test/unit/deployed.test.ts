import { expect, test } from "vitest";
import { unstable_readConfig } from "wrangler";

test("what strangers have fetched comes in by the front, past no rule of the Worker's own zone", () => {
	const { compatibility_flags: flags } = unstable_readConfig({ config: "wrangler.toml" });
	expect(flags).toContain("global_fetch_strictly_public");
});
