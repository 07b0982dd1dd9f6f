/** What stands between a Worker of the tests and its bindings. */

/** Has `call` do, or leave, what a method of the target would; `method` is bound to it. */
export function intercept<Target extends object>(
	target: Target,
	call: (method: (...args: unknown[]) => unknown, args: unknown[], name: string | symbol) => unknown,
): Target {
	return new Proxy(target, {
		get(_, name) {
			const member: unknown = Reflect.get(target, name, target);
			if (typeof member !== "function") return member;
			return (...args: unknown[]) => call((...rest) => Reflect.apply(member, target, rest), args, name);
		},
	});
}

/** Each query of D1, with its texts: a statement when it is run, a batch as one. */
export function interceptDatabase(
	target: D1Database,
	query: (run: () => Promise<unknown>, texts: readonly string[]) => Promise<unknown>,
): D1Database {
	/** A batch takes D1's own statements, and no proxies of them. */
	const originals = new WeakMap<object, { readonly prepared: object; readonly text: string }>();
	const original = (each: object) => originals.get(each)?.prepared ?? each;
	const textOf = (each: object) => originals.get(each)?.text ?? "";

	function statement(prepared: D1PreparedStatement, text: string): D1PreparedStatement {
		const proxy = intercept(prepared, (method, args, name) => {
			if (name === "bind") return statement(method(...args) as D1PreparedStatement, text);
			return query(() => method(...args) as Promise<unknown>, [text]);
		});
		originals.set(proxy, { prepared, text });
		return proxy;
	}

	return intercept(target, (method, args, name) => {
		if (name === "prepare") return statement(method(...args) as D1PreparedStatement, String(args[0]));
		return query(
			() => method(...args.map((arg) => (Array.isArray(arg) ? arg.map(original) : arg))) as Promise<unknown>,
			args.flat().map((each) => (typeof each === "object" && each ? textOf(each) : String(each))),
		);
	});
}
