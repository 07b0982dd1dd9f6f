import { sha256, digest } from "../../crypto/digest.ts";
import { base64url } from "../../crypto/encoding.ts";
import { randomId } from "../../crypto/random.ts";
import { sealToken } from "../../crypto/sealed-token.ts";
import type { Clear, Hash } from "../../domain/brands.ts";
import type { Client } from "../../domain/client.ts";
import type { DeviceAnswer, DeviceAsk, DeviceRequest } from "../../domain/device-request.ts";
import type { Limited } from "../../domain/limit.ts";
import type { SubjectId } from "../../domain/subject.ts";
import { readUserCode, userCodeOf } from "../../domain/user-code.ts";
import { noteGrantEnd } from "../clients/installs.ts";
import { type NetworkLimit, networkTurns, takeTurns } from "../limits.ts";
import { portsOf } from "../ports-of.ts";
import type { Services } from "../services.ts";
import { type Agreement, openForDevice } from "./issue-code.ts";

/** Anybody can ask for a code in the name of a public client, and each is a row. */
const requests: NetworkLimit = { name: "device-requests-network", attempts: 60, wide: 240, window: 600 };

export interface DeviceCodes {
	readonly kind: "opened";
	readonly deviceCode: Clear;
	/** Eight letters, as they are kept. */
	readonly userCode: string;
}

/** RFC 8628 §3.1, of a request whose parameters are good. */
export async function openDeviceRequest(
	asked: Omit<DeviceAsk, "codeHash" | "clientId">,
	client: Client,
	services: Services,
): Promise<DeviceCodes | Limited> {
	const taken = await takeTurns(networkTurns(requests, asked.from.address), services);
	if (taken.kind === "limited") return taken;
	for (let tries = 0; tries < mostTries; tries++) {
		const userCode = userCodeOf(services.random(32));
		if (userCode === null) continue;
		const secret = await digest(userCode);
		const reference = { subject: noSubject, accountId: "", id: randomId(services.random), generation: 0, secret };
		const deviceCode = await sealToken("device", reference, services.serverKeys);
		const request = { ...asked, clientId: client.id, codeHash: await sha256(deviceCode) };
		const opened = await portsOf(services).deviceRequests.open(base64url(secret) as Hash, request);
		if (opened === "opened") return { kind: "opened", deviceCode, userCode };
	}
	throw new Error("Every user code is taken");
}

/** Of 2.56 · 10^10 codes those that wait are few. */
const mostTries = 5;

/** Nobody has answered yet. */
const noSubject = "" as SubjectId;

/** RFC 8628 §5.1: ten guesses of a person, of whom each is known, in the time that a code lives. */
const ofPerson = { name: "user-codes", attempts: 10, window: 600 };
const ofNetwork: NetworkLimit = { name: "user-codes-network", attempts: 30, wide: 120, window: 600 };

export type FoundDeviceRequest =
	| { readonly kind: "found"; readonly userCode: string; readonly request: DeviceRequest }
	| { readonly kind: "unknown" }
	| Limited;

/** The request of a code that a person typed. A wrong one is counted before it is looked for. */
export async function findDeviceRequest(
	typed: string,
	{ subject, address }: { readonly subject: SubjectId; readonly address: string | null },
	services: Services,
): Promise<FoundDeviceRequest> {
	const userCode = readUserCode(typed);
	if (userCode === null) return { kind: "unknown" };
	const turns = [{ limit: ofPerson, of: subject }, ...networkTurns(ofNetwork, address)];
	const taken = await takeTurns(turns, services);
	if (taken.kind === "limited") return taken;
	const request = await portsOf(services).deviceRequests.find(await sha256(userCode));
	if (!request) return { kind: "unknown" };
	await taken.giveBack();
	return { kind: "found", userCode, request };
}

export type DeviceAnswered = "answered" | "answered_before" | "unknown";

/**
 * The grant first, and then the word that the device waits for: it is never told of a grant that is not there. Where somebody else
 * was quicker, nobody redeems this one: it is ended at once.
 */
export async function allowDevice(
	agreement: Agreement,
	userCode: string,
	request: DeviceRequest,
	services: Services,
): Promise<DeviceAnswered> {
	const { subject, accountId, grantId } = await openForDevice(agreement, request, services);
	const answered = await answer(userCode, request.codeHash, { kind: "allowed", subject, accountId, grantId }, services);
	if (answered !== "answered") {
		await portsOf(services).ledgers.of(subject).revokeGrant(grantId, null);
		await noteGrantEnd(grantId, services);
	}
	return answered;
}

export function denyDevice(userCode: string, { codeHash }: DeviceRequest, services: Services): Promise<DeviceAnswered> {
	return answer(userCode, codeHash, { kind: "denied" }, services);
}

async function answer(
	userCode: string,
	codeHash: Hash,
	given: DeviceAnswer,
	services: Services,
): Promise<DeviceAnswered> {
	return portsOf(services).deviceRequests.answer(await sha256(userCode), codeHash, given);
}
