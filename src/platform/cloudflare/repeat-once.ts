/**
 * Calls a Durable Object, and once more if the call broke on its way. Not when the object is overloaded: that would be
 * more of what it has too much of (developers.cloudflare.com/durable-objects/best-practices/error-handling). The call has
 * to take a fresh stub each time, since one that threw may be broken.
 */
export async function repeatOnce<Result>(call: () => Promise<Result>): Promise<Result> {
	try {
		return await call();
	} catch (error) {
		if (!isTransient(error)) throw error;
		// A little apart from the others whose call broke with it.
		await scheduler.wait(20 + (crypto.getRandomValues(new Uint8Array(1))[0] ?? 0) / 4);
		return call();
	}
}

/** `retryable`: the call may not have arrived. `durableObjectReset`: the object went down with the call, and is up again. */
function isTransient(error: unknown): boolean {
	if (!(error instanceof Error) || is(error, "overloaded")) return false;
	return is(error, "retryable") || is(error, "durableObjectReset");
}

function is(error: object, property: string): boolean {
	return Reflect.get(error, property) === true;
}
