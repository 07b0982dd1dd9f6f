import type { Limited, NamedLimit } from "../../domain/limit.ts";
import type { Mail, Message } from "../../domain/mail.ts";
import { readEmail } from "../../domain/profile.ts";
import { takeTurns } from "../limits.ts";
import type { Services } from "../services.ts";
import type { Letter } from "./letters.ts";
import type { KeptMessage } from "./outbox.ts";

export type Mailed =
	/** It goes out after the answer. Whether it arrives nobody hears here. */
	| { readonly kind: "on_its_way" }
	/** This deployment sends none. */
	| { readonly kind: "off" }
	| { readonly kind: "malformed" }
	| Limited;

/** Of each kind of letter: nobody's mailbox is filled by us, and nobody has us write to the whole world. */
const toOne: NamedLimit = { name: "mail-recipient", attempts: 10, window: 3600 };
const fromOne: NamedLimit = { name: "mail-sender", attempts: 100, window: 3600 };

/** Whether this deployment sends mail: what it would be needed for is offered only then. */
export function isMailOn({ mail }: Services): boolean {
	return mail !== null;
}

/**
 * Has a letter go out, after the answer to this request. `sender` is whose doing it is: an account's id, a person's, or a name
 * of ours. Failure is for the log, which never has the address.
 */
export async function sendMail(
	{ to, letter, sender }: { readonly to: string; readonly letter: Letter; readonly sender: string },
	services: Services,
): Promise<Mailed> {
	const { mail } = services;
	if (!mail) return { kind: "off" };
	// What is an address ends no header, and names one mailbox.
	if (readEmail(to) === null) return { kind: "malformed" };
	const { kind, subject, text } = letter;
	// A mailbox is one in either case, whatever its host may make of it.
	const taken = await takeTurns(
		[
			{ limit: toOne, of: `${kind} ${to.toLowerCase()}` },
			{ limit: fromOne, of: `${kind} ${sender}` },
		],
		services,
	);
	if (taken.kind === "limited") return taken;
	services.later(deliver(mail, { to, subject, text }, kind, services));
	return { kind: "on_its_way" };
}

/** Null where mail is sent, or none is: then nobody reads it here. */
export function keptMail({ outbox }: Services): readonly KeptMessage[] | null {
	return outbox?.kept() ?? null;
}

/** Once more where it failed: a connection that was cut is the usual reason, and two letters are better than none. */
async function deliver(mail: Mail, message: Message, letter: Letter["kind"], services: Services): Promise<void> {
	try {
		await mail.send(message).catch(() => mail.send(message));
	} catch (error) {
		services.log("mail.failed", { letter, reason: reasonOf(error) });
	}
}

/** A code alone: the text of what failed quotes whom it was for. */
function reasonOf(error: unknown): string {
	const { code, name } = error as { readonly code?: unknown; readonly name?: unknown };
	const [reason] = [code, name].filter((each) => typeof each === "string" && /^\w{1,40}$/.test(each));
	return typeof reason === "string" ? reason : "unknown";
}
