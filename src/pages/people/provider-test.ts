import { rateLimitHeaders } from "../../http/rate-limit.ts";
import { page } from "../../http/reply.ts";
import { testProvider } from "../../operations/people/test-provider.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { refuseVisit } from "../frame/refusal.ts";
import { providerTestView } from "./provider-test.tsx";
import { noProvider, providerPages } from "./provider-visit.ts";

/** `POST …/sign-in/:id/test`: what it finds is on the page that answers, and nowhere else. */
export const testProviderPage = providerPages(async (visit) => {
	const { services, params, manager, base, frame } = visit;
	const id = params.id ?? "";
	const tested = await testProvider(id, manager, services);
	switch (tested.kind) {
		case "tested":
			return page(200, providerTestView({ frame, base, id, name: tested.provider.name, findings: tested.findings }));
		case "unknown":
			return noProvider(visit);
		case "limited": {
			const again = `Providers were tested too often. ${tryAgain(tested.retryAfter)}`;
			const refused = refuseVisit(visit, 429, "Not tested", again);
			for (const [name, value] of Object.entries(rateLimitHeaders(tested))) refused.headers.set(name, value);
			return refused;
		}
	}
});
