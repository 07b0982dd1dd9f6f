import { test } from "vitest";
import { startWorker } from "../runners/start-worker.ts";

const other = `1:${"A".repeat(43)}`;

const mistakes = [
	{ variables: { SEAL_KEYS: null }, message: "SEAL_KEYS is missing" },
	{
		variables: { ISSUER: "http://auth.example.com", SEAL_KEYS: other, DEMO_DATA: null },
		message: "ISSUER must use https",
	},
	{
		variables: { ISSUER: "https://auth.example.com", SEAL_KEYS: other },
		message: "DEMO_DATA is for a loopback ISSUER only",
	},
	{
		variables: { ISSUER: "https://auth.example.com", DEMO_DATA: null },
		message: "SEAL_KEYS holds the published development key",
	},
];

test.concurrent.for(mistakes)(
	"bad configuration stops the start and names the variable: $message",
	async ({ variables, message }, { expect }) => {
		await expect(startWorker({ variables })).rejects.toThrow(message);
	},
);
