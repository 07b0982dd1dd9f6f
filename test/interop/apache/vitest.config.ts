import { defineConfig } from "vitest/config";

// Apart from `npm test`, which needs nothing but Node and npm. run.sh runs it.
export default defineConfig({
	test: {
		root: new URL("../../..", import.meta.url).pathname,
		environment: "node",
		include: ["test/interop/apache/{relying-party,resource-server}.ts", "test/interop/dovecot/mail-server.ts"],
		testTimeout: 60_000,
		hookTimeout: 60_000,
	},
});
