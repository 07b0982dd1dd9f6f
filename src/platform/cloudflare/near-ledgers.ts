import {
	answered,
	failed,
	type HomeAsked,
	isForReplica,
	nothingNearby,
	patience,
	replicaName,
} from "../../domain/lease-route.ts";
import type { Milliseconds } from "../../domain/brands.ts";
import type { SubjectId } from "../../domain/subject.ts";
import type { LedgerVerb } from "../remote-ledger.ts";
import { replicaOf } from "./placement.ts";
import type { ReplicaObject } from "./replica-object.ts";

/** Asks a ledger, wherever. */
export type Ask = (subject: SubjectId, verb: LedgerVerb, args: readonly unknown[]) => Promise<unknown>;

export interface Replicas {
	readonly namespace: DurableObjectNamespace<ReplicaObject>;
	/** Where this isolate is. Null where nobody has said so: the homes answer then. */
	colo(): string | null;
}

/** How many subjects an isolate remembers the home of: the one that was not asked about for longest goes first. */
const most = 10_000;

/**
 * Checks by the replica of this colo, where that is nearer than the home; all else, and what a replica fails to answer in time, by the
 * home. Either answer is as strict as the other.
 */
export function nearFirst(askHome: Ask, replicas: Replicas): Ask {
	const homes = new Map<SubjectId, HomeAsked>();
	let nearby = nothingNearby;

	return (subject, verb, args) => {
		const colo = replicas.colo();
		if (colo === null || !isCheck(verb, args)) return askHome(subject, verb, args);
		const home = homes.get(subject);
		return home && isForReplica(home, nearby, Date.now())
			? askNear(colo, home, subject, verb, args)
			: askTimed(subject, verb, args);
	};

	async function askTimed(...asked: Parameters<Ask>): Promise<unknown> {
		const askedAt = Date.now();
		const answer = await askHome(...asked);
		remember(asked[0], { took: Date.now() - askedAt, askedAt });
		return answer;
	}

	async function askNear(colo: string, home: HomeAsked, ...asked: Parameters<Ask>): Promise<unknown> {
		const [subject] = asked;
		const askedAt = Date.now();
		remember(subject, { ...home, askedAt });
		const { bits } = nearby;
		const replica = replicaOf<Pick<ReplicaObject, "check">>(
			replicas.namespace,
			subject,
			replicaName(colo, bits, await digestOf(subject, bits)),
		);
		const found = await inTime(patience(home), replica.check(...asked));
		const now = Date.now();
		if (found === null) {
			nearby = failed(nearby, now);
			return askHome(...asked);
		}
		nearby = answered(nearby, found.load, found.isOwn ? now - askedAt : null, now);
		return found.answer;
	}

	function remember(subject: SubjectId, home: HomeAsked): void {
		homes.delete(subject);
		homes.set(subject, home);
		const [oldest] = homes.keys();
		if (homes.size > most && oldest !== undefined) homes.delete(oldest);
	}
}

/** What a replica may be able to answer; what is about to change something goes home. */
function isCheck(verb: LedgerVerb, args: readonly unknown[]): boolean {
	const command = args[1];
	switch (verb) {
		case "checkKey":
		case "inspectSession":
		case "isTokenRevoked":
			return true;
		case "login":
			// Whoever brings no signature knows of a live session.
			return memberOf(memberOf(command, "offer"), "signature") === null;
		case "inspectGrant":
			return memberOf(command, "refresh") === undefined;
		case "refresh":
			// Of a client that keeps its token: nothing is brought for the next one.
			return memberOf(command, "successor") === null;
		default:
			return false;
	}
}

function memberOf(value: unknown, name: string): unknown {
	return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** Null where the answer did not come in time, or never will: what was asked is asked again elsewhere. */
async function inTime<Answer>(time: Milliseconds, answer: Promise<Answer>): Promise<Answer | null> {
	let timer: ReturnType<typeof setTimeout> | undefined;
	const tooLate = new Promise<null>((resolve) => (timer = setTimeout(resolve, time, null)));
	try {
		return await Promise.race([answer.catch(() => null), tooLate]);
	} finally {
		clearTimeout(timer);
	}
}

async function digestOf(subject: SubjectId, bits: number): Promise<Uint8Array> {
	if (bits === 0) return new Uint8Array();
	return new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(subject)));
}
