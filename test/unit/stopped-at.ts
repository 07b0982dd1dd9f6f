/** Whoever runs it is stopped at this call of a port, after it or before. */
export function stoppedAt<Port extends object>(
	port: Port,
	counter: { calls: number },
	at: number,
	isAfter: boolean,
): Port {
	return new Proxy(port, {
		get(target, name) {
			const verb: unknown = Reflect.get(target, name);
			if (typeof verb !== "function") return verb;
			return async (...args: readonly unknown[]) => {
				counter.calls += 1;
				if (counter.calls >= at && !isAfter) throw new Error("stopped");
				const value: unknown = await Reflect.apply(verb, target, args);
				if (counter.calls >= at) throw new Error("stopped");
				return value;
			};
		},
	});
}
