import { randomId } from "../crypto/random.ts";
import { readAskedCookie, writeAskedCookie } from "../http/cookies.ts";
import { requestOptions } from "../operations/people/passkeys.ts";
import type { Call } from "./call.ts";

/** What a page that signs people in asks a passkey with. Its answer counts in the browser that keeps the cookie, and nowhere else. */
export async function askForPasskey({
	request,
	services,
}: Call): Promise<{ readonly options: string; readonly cookie: string }> {
	// The same for every page that is open in this browser.
	const browser = readAskedCookie(request) ?? randomId(services.random);
	const options = await requestOptions({ purpose: "sign_in", browser, person: null }, services);
	return { options: JSON.stringify(options), cookie: writeAskedCookie(browser) };
}
