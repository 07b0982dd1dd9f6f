import type { Mail, Message } from "../../domain/mail.ts";
import type { Seconds } from "../../domain/brands.ts";

/** What stands for a mail server on a developer's machine: the last letters, to be read at `/mail` and in the terminal. */
export interface Outbox extends Mail {
	/** The last one first. */
	readonly kept: () => readonly KeptMessage[];
}

export interface KeptMessage extends Message {
	readonly at: Seconds;
}

const most = 100;

export function createOutbox(now: () => Seconds, show: (text: string) => void): Outbox {
	let kept: readonly KeptMessage[] = [];
	return {
		async send(message) {
			kept = [{ ...message, at: now() }, ...kept].slice(0, most);
			show(`\nTo: ${message.to}\nSubject: ${message.subject}\n\n${message.text}`);
		},
		kept: () => kept,
	};
}
