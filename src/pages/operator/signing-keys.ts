import { keySetTtl } from "../../domain/signing-key-ring.ts";
import { type Headers, page } from "../../http/reply.ts";
import { listRings, rotateNow, withdrawSigningKey } from "../../operations/signing/operate-keys.ts";
import { staleness } from "../../operations/lookups.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { doneAt } from "../frame/address.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notThereAtAll } from "../frame/refusal.ts";
import { type OperatorVisit, visitAsOperator } from "../frame/visit-as-operator.ts";
import { rotateKeyView, signingKeysView, withdrawKeyView } from "./signing-keys.tsx";

const base = "/operator/signing-keys";

/** `GET /operator/signing-keys` */
export const signingKeysPage = visitAsOperator("signing_keys", (visit) => show(visit, 200, null));

/** `GET`, `POST /operator/signing-keys/:alg/rotate`, with a proof where the sign-in is a while old */
export const rotateKeyPage = visitAsOperator("signing_keys", async (visit) => {
	const { services, operator, params, frame } = visit;
	const ring = (await listRings(services)).find(({ algorithm }) => algorithm === params.alg);
	if (!ring) return notThereAtAll(visit, "ring of signing keys");
	const ask = async (status: number, error: string | null, headers?: Headers) =>
		page(status, rotateKeyView({ frame, ring, proof: await proofAgain(visit, error) }), headers);
	if (!visit.isPost) return ask(200, null);
	const refused = await refusedProof(visit);
	if (refused) return ask(...refused);
	const rotated = await rotateNow(ring.algorithm, operator, services);
	switch (rotated.kind) {
		case "rotated":
			return doneAt(base, "rotated");
		case "unknown":
			return notThereAtAll(visit, "ring of signing keys");
		case "too_early": {
			const when = tryAgain(rotated.at - services.now());
			return show(visit, 409, `A copy of the key set that somebody holds may be without the next key. ${when}`);
		}
	}
});

/** `GET`, `POST /operator/signing-keys/:kid/withdraw`, with a proof likewise */
export const withdrawKeyPage = visitAsOperator("signing_keys", async (visit) => {
	const { services, operator, params, frame } = visit;
	const kid = params.kid ?? "";
	const rings = await listRings(services);
	const ring = rings.find(({ current, next, previous }) => [current, next, ...previous].some((key) => key.kid === kid));
	if (!ring) return notThereAtAll(visit, "signing key");
	const ask = async (status: number, error: string | null, headers?: Headers) =>
		page(status, withdrawKeyView({ frame, ring, kid, ...bounds, proof: await proofAgain(visit, error) }), headers);
	if (!visit.isPost) return ask(200, null);
	const refused = await refusedProof(visit);
	if (refused) return ask(...refused);
	const withdrawn = await withdrawSigningKey(kid, operator, services);
	return withdrawn === "withdrawn" ? doneAt(base, "withdrawn") : notThereAtAll(visit, "signing key");
});

/** How long what was withdrawn goes on: here, at edges far away (a published copy may be a minute old), and elsewhere. */
const bounds = { hereSeconds: staleness + 60, elsewhereMinutes: keySetTtl / 60 };

async function show({ services, frame }: OperatorVisit, status: number, failed: string | null): Promise<Response> {
	return page(status, signingKeysView({ frame, rings: await listRings(services), failed }));
}
