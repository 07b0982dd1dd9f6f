import type { Call } from "../../endpoint/call.ts";
import { page } from "../../http/reply.ts";
import { keptMail } from "../../operations/mail/send-mail.ts";
import { mailView } from "./mail.tsx";
import { nothingHere } from "../frame/wrong-address.ts";
import { englishShell } from "../../words/shell.ts";

/**
 * `GET /mail`: the letters of a latchkey that its developer runs, in the place of a mail server. They hold secrets, so that there
 * is nothing here wherever else it runs.
 */
export async function mailPage(call: Call): Promise<Response> {
	const { services } = call;
	const messages = keptMail(services);
	if (messages === null) return nothingHere(call);
	return page(
		200,
		mailView({
			shell: englishShell(services.config.brand),
			messages,
			issuer: services.config.issuer,
			now: services.now(),
		}),
	);
}
