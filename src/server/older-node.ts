// What of ECMAScript 2025 and 2026 the code uses and Node 22 and 24 do not have yet. Each goes when the last Node without it does.

const alphabets = { base64: /^[A-Za-z0-9+/]*={0,2}$/, base64url: /^[A-Za-z0-9_-]*={0,2}$/ } as const;
type Options = { readonly alphabet?: keyof typeof alphabets; readonly omitPadding?: boolean };

addMissing(Promise, {
	try: (call: (...args: unknown[]) => unknown, ...args: unknown[]) => new Promise((resolve) => resolve(call(...args))),
});
addMissing(Uint8Array, { fromBase64 });
addMissing(Uint8Array.prototype, { toBase64, toHex });

function toBase64(this: Uint8Array, { alphabet = "base64", omitPadding = false }: Options = {}): string {
	const text = Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString(alphabet);
	if (alphabet === "base64") return omitPadding ? text.replace(/=+$/, "") : text;
	return omitPadding ? text : text.padEnd(Math.ceil(text.length / 4) * 4, "=");
}

function toHex(this: Uint8Array): string {
	return Buffer.from(this.buffer, this.byteOffset, this.byteLength).toString("hex");
}

/** Where Buffer would skip what it does not know, this throws. */
function fromBase64(text: string, { alphabet = "base64" }: Options = {}): Uint8Array {
	const dense = text.replaceAll(/[\t\n\f\r ]/g, "");
	const digits = dense.replace(/=+$/, "");
	const isPadded = digits.length < dense.length;
	const isWhole = isPadded ? dense.length % 4 === 0 : digits.length % 4 !== 1;
	if (!alphabets[alphabet].test(dense) || !isWhole) throw new SyntaxError("This is not base64");
	return new Uint8Array(Buffer.from(digits, alphabet));
}

function addMissing(target: object, methods: Readonly<Record<string, unknown>>): void {
	for (const [name, value] of Object.entries(methods)) {
		if (!Object.hasOwn(target, name))
			Object.defineProperty(target, name, { value, writable: true, configurable: true });
	}
}
