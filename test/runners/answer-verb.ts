/** The other end of target-http.ts: one method for each path, its arguments and its value as JSON. */
export async function answerVerb(request: Request, methodsOf: (path: string) => object): Promise<Response> {
	const [, path = "", verb = ""] = /^(.*)\/(\w+)$/.exec(new URL(request.url).pathname) ?? [];
	try {
		const methods = methodsOf(path);
		const method: unknown = Object.hasOwn(methods, verb) ? Reflect.get(methods, verb) : null;
		if (typeof method !== "function") throw new TypeError(`There is no ${verb} of ${path}`);
		const args: unknown[] = JSON.parse(await request.text());
		const value: unknown = await Reflect.apply(method, methods, args);
		return Response.json({ value: value ?? null });
	} catch (error) {
		return new Response(String(error), { status: 500 });
	}
}
