import { spawn } from "node:child_process";
import { setupSecret } from "../support/setup-secret.ts";
import type { Certificates } from "../peers/certificates.ts";

export interface ProvisionRun {
	readonly code: number;
	/** On standard error. */
	readonly said: string;
	readonly done: {
		readonly account?: { readonly state: string };
		readonly person?: { readonly profile: string };
		readonly apis: { identifier: string; state: string; id: string; differs?: readonly string[] }[];
		readonly clients: { name: string; client_id: string; client_secret?: string }[];
		readonly providers: {
			name: string;
			state: string;
			id: string;
			redirect_uri: string;
			differs?: readonly string[];
		}[];
		readonly accounts: { slug: string; state: string }[];
		readonly invitations: { account: string; note: string; state: string; link?: string }[];
		readonly operators: { username: string; state: string }[];
	};
}

/** `npm run provision`, as an operator runs it, over https. */
export async function runProvision(
	file: string,
	{ at, certificates, secret = setupSecret }: { at: string; certificates: Certificates; secret?: string },
): Promise<ProvisionRun> {
	const child = spawn(process.execPath, ["scripts/provision.ts", file, "--at", at], {
		env: { ...process.env, SETUP_SECRET: secret, NODE_EXTRA_CA_CERTS: certificates.files.ca },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let [out, said] = ["", ""];
	child.stdout.on("data", (chunk) => (out += String(chunk)));
	child.stderr.on("data", (chunk) => (said += String(chunk)));
	const code = await new Promise<number>((resolve) => child.once("close", (ended) => resolve(ended ?? 1)));
	return {
		code,
		said,
		done:
			out === ""
				? { apis: [], clients: [], providers: [], accounts: [], invitations: [], operators: [] }
				: JSON.parse(out),
	};
}
