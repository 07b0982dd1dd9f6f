import { type Headers, onwardPage } from "../../http/reply.ts";
import {
	beginLinking,
	listMyProviders,
	type MyProvider,
	unlinkProvider,
} from "../../operations/people/my-providers.ts";
import { doneAt } from "../frame/address.ts";
import { noProof, proofIn, unproved, waysToProve } from "../frame/proof.ts";
import { notThere } from "../frame/refusal.ts";
import { forOneself, forWaysIn, type OwnVisit } from "../frame/visit.ts";
import { leaveForProvider } from "../front/with-provider.ts";
import { linkProviderView, MyProviders } from "./providers.tsx";

const section = "security";

/** What the security page shows of them. */
export async function providersSection({ signedIn, frame, services }: OwnVisit) {
	const providers = await listMyProviders(signedIn, services);
	return MyProviders({ frame, providers: providers.map(shown) });
}

/** `GET`, `POST …/security/providers/:id/link` with a proof: off to the provider. */
export const linkProviderPage = forWaysIn(section, async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	const mine = await findMine(visit);
	if (mine?.linked !== null) return notThere(visit, "provider");
	// The form leads to the provider's own site.
	const ask = async (status: number, error: string | null, headers: Headers = {}) =>
		onwardPage(
			status,
			linkProviderView({ frame, provider: shown(mine), ways: await waysToProve(visit), error }),
			headers,
		);
	if (!visit.isPost) return ask(200, null);
	const proof = proofIn(visit);
	if (!proof) return ask(400, noProof);
	const continueTo = `${frame.base}/security`;
	const begun = await beginLinking(mine, signedIn, { proof, continueTo, address: actor.address }, services);
	if (begun.kind === "unproved") return ask(...unproved(begun.why, proof));
	return leaveForProvider(begun, continueTo, visit);
});

/** `POST …/security/providers/:id/unlink`: whoever did not mean it links it again. */
export const unlinkProviderPage = forOneself(section, async (visit) => {
	const { services, signedIn, actor, frame } = visit;
	const mine = await findMine(visit);
	if (!mine?.linked) return notThere(visit, "provider");
	const outcome = await unlinkProvider(mine, signedIn.person, actor.address, services);
	if (outcome === "unknown") return notThere(visit, "provider");
	return doneAt(`${frame.base}/security`, "provider_unlinked");
});

function shown({ provider: { id, name }, accountName, linked }: MyProvider) {
	return { id, name, accountName, linked };
}

async function findMine({ signedIn, services, params }: OwnVisit): Promise<MyProvider | null> {
	const all = await listMyProviders(signedIn, services);
	return all.find(({ provider }) => provider.id === params.id) ?? null;
}
