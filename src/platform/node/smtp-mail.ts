import { createTransport } from "nodemailer";
import type { Mail, Sender } from "../../domain/mail.ts";
import { isLoopback } from "../../domain/public-host.ts";

/** In milliseconds. A letter is not worth a server that cannot stop. */
const times = { connectionTimeout: 5000, greetingTimeout: 5000, socketTimeout: 10_000 };

/**
 * By the SMTP server at `smtps://user:password@host` (port 465) or `smtp://…` (587), which has to offer STARTTLS unless it is on
 * this machine: neither a password nor a letter is sent in the clear. `host` is what it calls itself to that server.
 */
export function smtpMail(server: URL, sender: Sender, host: string): Mail {
	const isSecure = server.protocol === "smtps:";
	const isHere = isLoopback(server);
	const transport = createTransport({
		...times,
		name: host,
		host: server.hostname.replaceAll(/^\[|\]$/g, ""),
		port: Number(server.port) || (isSecure ? 465 : 587),
		secure: isSecure,
		requireTLS: !isSecure && !isHere,
		// What is on this machine shows a certificate of its own making, if any.
		ignoreTLS: isHere,
		...(server.username !== "" && {
			auth: { user: decodeURIComponent(server.username), pass: decodeURIComponent(server.password) },
		}),
		// Nothing is read for a letter but what it has.
		disableFileAccess: true,
		disableUrlAccess: true,
	});
	const from = sender.name === null ? sender.address : { name: sender.name, address: sender.address };
	return {
		async send({ to, subject, text }) {
			// RFC 3834 §2: nobody's absence notice answers it.
			await transport.sendMail({ from, to, subject, text, headers: { "auto-submitted": "auto-generated" } });
		},
	};
}
