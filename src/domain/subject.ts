/**
 * A subject is whoever a credential stands for. Its id names its kind and its *home*, because the Durable Object that
 * keeps its ledger has to be addressed with the same placement for ever (DESIGN §2.3).
 */

export const subjectKinds = { person: "usr", key: "key", client: "cli" } as const;
export type SubjectKind = keyof typeof subjectKinds;

/** `any`: wherever it is first touched; `eu`, `fed`: a jurisdiction; the others are Cloudflare's location hints. */
export const homes = ["any", "eu", "fed", "wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"] as const;
export type Home = (typeof homes)[number];

/** `usr_weur_<22 characters of base64url: 16 random bytes>` */
export type SubjectId = string & { readonly __subject?: never };

export interface Subject {
	readonly kind: SubjectKind;
	readonly home: Home;
	readonly id: string;
}

const form = /^(usr|key|cli)_([a-z]{2,4})_([A-Za-z0-9_-]{22})$/;

export function subjectId(subject: Subject): SubjectId {
	return `${subjectKinds[subject.kind]}_${subject.home}_${subject.id}`;
}

/** Null for anything that {@link subjectId} would not have written. */
export function parseSubject(text: string): Subject | null {
	const match = form.exec(text);
	const home = homes.find((each) => each === match?.[2]);
	const id = match?.[3];
	if (!match || !home || !id) return null;
	const kind = match[1] === "usr" ? "person" : match[1] === "key" ? "key" : "client";
	return { kind, home, id };
}
