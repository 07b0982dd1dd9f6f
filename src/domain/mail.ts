/** One letter to one address: plain text, since nothing in it needs more, and nothing in it can then look like something else. */
export interface Message {
	/** As `readEmail` takes it: no name, no list, nothing that ends a header. */
	readonly to: string;
	/** One line. */
	readonly subject: string;
	readonly text: string;
}

/**
 * Hands a message to whoever delivers it. It resolves once that has taken it over, which is no promise that it arrives, and
 * throws where it has not, or where nobody knows: a message may be sent more than once, so that what it asks for has to be
 * as good twice.
 */
export interface Mail {
	send(message: Message): Promise<void>;
}

/** Whom messages come from. */
export interface Sender {
	/** Null for the address alone. */
	readonly name: string | null;
	readonly address: string;
}
