import type { Seconds } from "../domain/brands.ts";

/**
 * How long others wait for an answer that is under way. workerd drops a request's I/O when its client goes away, and when it
 * has answered without waiting for all that it asked; a promise that hung on it then never settles.
 */
export const sharedFor: Seconds = 5;

/** What another request asked for; who has waited too long for it asks for themselves. */
export async function patiently<Value>(theirs: Promise<Value>, ask: () => Promise<Value>): Promise<Value> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tooLate = new Promise<null>((resolve) => (timer = setTimeout(resolve, sharedFor * 1000, null)));
	try {
		const first = await Promise.race([theirs.then((value) => ({ value })), tooLate]);
		return first === null ? await ask() : first.value;
	} finally {
		clearTimeout(timer);
	}
}
