import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";

/** A mail server of somebody's, and what it was given. */
export interface SmtpPeer {
	readonly port: number;
	readonly received: readonly Received[];
	/** It takes nothing more until it has refused this many. */
	refuse(times: number): void;
	stop(): Promise<void>;
}

interface Received {
	readonly from: string;
	readonly to: readonly string[];
	/** Headers and body as they came. */
	readonly raw: string;
	readonly isSecure: boolean;
	readonly user: unknown;
}

export async function startSmtp(options: SMTPServerOptions = {}): Promise<SmtpPeer> {
	const received: Received[] = [];
	let refusals = 0;
	const server = new SMTPServer({
		authOptional: true,
		onAuth: ({ username }, _session, done) => done(null, { user: username }),
		onData(stream, { envelope, secure, user }, done) {
			const chunks: Buffer[] = [];
			stream.on("data", (chunk: Buffer) => chunks.push(chunk));
			stream.on("end", () => {
				if (refusals > 0) {
					refusals -= 1;
					return done(Object.assign(new Error("ada@mail.example is not taken"), { responseCode: 451 }));
				}
				const from = envelope.mailFrom === false ? "" : envelope.mailFrom.address;
				const to = envelope.rcptTo.map(({ address }) => address);
				received.push({ from, to, raw: Buffer.concat(chunks).toString("utf8"), isSecure: secure, user });
				return done();
			});
		},
		...options,
	});
	server.on("error", () => {}); // whoever hangs up
	const listener = server.listen(0, "127.0.0.1");
	await once(listener, "listening");
	return {
		port: (listener.address() as AddressInfo).port,
		received,
		refuse: (times) => (refusals = times),
		stop: () => new Promise((resolve) => server.close(() => resolve())),
	};
}
