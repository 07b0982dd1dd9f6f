import { developmentSealKey } from "../../src/config.ts";
import { setupSecret } from "../support/setup-secret.ts";
import { startMemoryApp } from "./memory-app.ts";
import { issuer, type Target } from "../support/target.ts";

/** The app on Node, on the in-memory platform, without a network. */
export async function openMemory(): Promise<Target> {
	const app = await startMemoryApp({
		ISSUER: issuer,
		SEAL_KEYS: `1:${developmentSealKey}`,
		DEMO_DATA: "on",
		REGISTRATION: "open",
		SETUP_SECRET: setupSecret,
		SECURITY_CONTACT: "https://latchkey.example/report mailto:security@latchkey.example",
		MAIL_FROM: "Latchkey <latchkey@mail.example>",
	});
	return { ...app, send: (path, init) => app.fetch(new Request(issuer + path, init)) };
}
