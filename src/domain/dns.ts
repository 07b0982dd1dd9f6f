// As much of RFC 1035 as it takes to ask for TXT records over HTTPS (RFC 8484), and to read the answer.

const typeTxt = 16;
const classIn = 1;

/** A question for the TXT records of a name, whose labels are ASCII and of 63 characters at most. */
export function txtQuery(name: string): Uint8Array<ArrayBuffer> {
	const labels = name.split(".").flatMap((label) => [label.length, ...Array.from(label, (each) => each.charCodeAt(0))]);
	// RFC 8484 §4.1: an id of 0, so that caches know the same question again. Recursion desired, one question.
	const header = [0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
	return Uint8Array.from([...header, ...labels, 0, 0, typeTxt, 0, classIn]);
}

/**
 * The texts of the TXT records that a message has as answers, those of where an alias leads among them; none for a name that is not
 * there. Null for what is no answer.
 */
export function txtAnswers(message: Uint8Array): readonly string[] | null {
	const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
	try {
		const flags = view.getUint16(2);
		const code = flags & 0xf;
		// RFC 1035 §4.1.1: a response, without an error or with the one that the name does not exist.
		if (flags >> 15 !== 1 || (code !== 0 && code !== 3)) return null;
		let at = 12;
		for (let left = view.getUint16(4); left > 0; left--) at = afterName(view, at) + 4;
		const texts: string[] = [];
		for (let left = view.getUint16(6); left > 0; left--) {
			at = afterName(view, at);
			const [type, of, length] = [view.getUint16(at), view.getUint16(at + 2), view.getUint16(at + 8)];
			at += 10;
			if (at + length > message.length) return null;
			if (type === typeTxt && of === classIn) texts.push(textOf(message.subarray(at, at + length)));
			at += length;
		}
		return texts;
	} catch (error) {
		if (error instanceof RangeError) return null; // it ends before it should
		throw error;
	}
}

/** RFC 1035 §4.1.4: labels up to an empty one, or to a pointer to the rest. */
function afterName(view: DataView, from: number): number {
	let at = from;
	for (;;) {
		const length = view.getUint8(at);
		if (length >= 0xc0) return at + 2;
		at += 1 + length;
		if (length === 0) return at;
	}
}

/** RFC 1035 §3.3.14: one or more strings, each after its length. Together they are one text. */
function textOf(data: Uint8Array): string {
	let text = "";
	for (let at = 0; at < data.length; at += 1 + (data[at] ?? 0)) {
		text += String.fromCharCode(...data.subarray(at + 1, at + 1 + (data[at] ?? 0)));
	}
	return text;
}
