import type { Mail, Sender } from "../../domain/mail.ts";

declare global {
	namespace Cloudflare {
		interface Env {
			/** Where a deployment's wrangler.toml has it: `[[send_email]]`, `name = "EMAIL"`. */
			readonly EMAIL?: SendEmail;
		}
	}
}

/** Null without the binding, or without an address to send from. */
export function cloudflareMail({ EMAIL: binding }: Cloudflare.Env, sender: Sender | null): Mail | null {
	if (!binding || !sender) return null;
	const from = sender.name === null ? sender.address : { name: sender.name, email: sender.address };
	return {
		async send({ to, subject, text }) {
			await binding.send({ from, to, subject, text });
		},
	};
}
