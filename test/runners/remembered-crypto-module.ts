/** Shadows the runtime's own in a Worker. staged-worker.ts says what is in it. */
export const rememberedCrypto = {
	type: "ESModule",
	path: "node:crypto",
	contents: `export const scrypt = (...args) => rememberedScrypt(...args);
		export const { createPublicKey, verify } = process.getBuiltinModule("node:crypto");`,
} as const;
