import { digest, isSameBytes } from "../../crypto/digest.ts";
import { randomId } from "../../crypto/random.ts";
import { sealToken, type TokenReference, unsealToken } from "../../crypto/sealed-token.ts";
import type { Clear } from "../../domain/brands.ts";
import type { Person } from "../../domain/person.ts";
import type { Services } from "../services.ts";
import { portsOf } from "../ports-of.ts";

/** People who share a browser; the one who signed in longest ago is forgotten. */
const most = 4;

/**
 * The name that a browser has for this user, where they signed in in it with the password that they have now; else null. It
 * opens nothing: it only tells them from whoever guesses at their password elsewhere (verify-password.ts).
 */
export async function knownBrowser(
	shown: readonly string[],
	username: string,
	services: Services,
): Promise<string | null> {
	const references = await referencesOf(shown, services);
	// Only for whoever has one of ours: guesses cost no query before they are counted.
	if (references.length === 0) return null;
	const person = await portsOf(services).register.personByUsername(username);
	const own = references.find(({ subject }) => subject === person?.id);
	if (!own || person?.state !== "active") return null;
	return isSameBytes(own.secret, await digest(person.passwordHash ?? "")) ? `${own.id} ${own.subject}` : null;
}

/** What the browser is to keep, now that this person has signed in. */
export async function rememberBrowser(
	shown: readonly string[],
	person: Person,
	services: Services,
): Promise<readonly Clear[]> {
	const others = (await referencesOf(shown, services)).filter(({ subject }) => subject !== person.id);
	const own: TokenReference = {
		subject: person.id,
		accountId: "",
		id: randomId(services.random),
		generation: 0,
		secret: await digest(person.passwordHash ?? ""),
	};
	const kept = [own, ...others].slice(0, most);
	return Promise.all(kept.map((reference) => sealToken("browser", reference, services.serverKeys)));
}

async function referencesOf(shown: readonly string[], { serverKeys }: Services): Promise<readonly TokenReference[]> {
	const read = await Promise.all(shown.slice(0, most).map((text) => unsealToken("browser", text, serverKeys)));
	return read.filter((reference) => reference !== null);
}
