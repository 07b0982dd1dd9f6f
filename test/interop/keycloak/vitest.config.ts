import { defineConfig } from "vitest/config";

// Apart from `npm test`, which needs nothing but Node and npm. run.sh runs it.
export default defineConfig({
	test: {
		root: new URL("../../..", import.meta.url).pathname,
		environment: "node",
		include: ["test/interop/keycloak/sign-in.ts"],
		testTimeout: 60_000,
		hookTimeout: 300_000, // Keycloak is built before it starts
	},
});
