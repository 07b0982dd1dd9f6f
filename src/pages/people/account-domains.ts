import { tryAgain } from "../../ui/instant.tsx";
import { recordOf } from "../../domain/account-domain.ts";
import { bounds, isFull } from "../../domain/bounds.ts";
import { page } from "../../http/reply.ts";
import * as operations from "../../operations/people/account-domains.ts";
import { listProviders } from "../../operations/people/sign-in-providers.ts";
import { doneAt } from "../frame/address.ts";
import { notForRole, notThere } from "../frame/refusal.ts";
import { inConsole, onlyAdministrators, type Visit } from "../frame/visit.ts";
import { type DomainFormProps, domainView, newDomainView, removeDomainView } from "./account-domains.tsx";

/** `GET`, `POST …/sign-in/new-domain` with `domain` and `provider_id` */
export const newDomainPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, form, frame } = visit;
	const values = { domain: form.get("domain") ?? "", provider: form.get("provider_id") ?? "" };
	const again = async (status: number, errors: DomainFormProps["errors"] = {}, problem: string | null = null) => {
		const providers = await listProviders(actor, services);
		return page(status, newDomainView({ frame, base: baseOf(visit), providers, values, errors, problem }));
	};
	if (!visit.isPost) return again(200);
	const named = await operations.nameDomain(values.domain, values.provider || null, actor, services);
	switch (named.kind) {
		case "added":
		case "written":
			return doneAt(`${baseOf(visit)}/domains/${named.domain.domain}`, named.kind === "added" ? "named" : "saved");
		case "malformed":
			return again(400, { domain: "Enter a domain as in addresses, such as acme.example." });
		case "no_provider":
			return again(400, { provider_id: "This provider is not there any more." });
		case "full":
			return again(409, {}, isFull(bounds.accountDomains));
		case "unknown":
			return again(409, {}, "Somebody removed it at this moment.");
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
	}
});

/** `GET`, `POST …/sign-in/domains/:domain` with `provider_id` */
export const domainPage = inConsole("settings", "admin", async (visit) => {
	if (!visit.isPost) return showDomain(visit, 200, null);
	const { services, actor, form, params } = visit;
	const name = params.domain ?? "";
	if (!(await operations.findDomain(actor.accountId, name, services))) return notThere(visit, "domain");
	const { kind } = await operations.nameDomain(name, form.get("provider_id") || null, actor, services);
	if (kind === "not_permitted") return notForRole(visit, onlyAdministrators);
	if (kind === "no_provider") return showDomain(visit, 400, "This provider is not there any more.");
	return kind === "written" || kind === "added" ? doneAt(hereOf(visit), "saved") : notThere(visit, "domain");
});

/** `POST …/sign-in/domains/:domain/verify` */
export const verifyDomainPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, params } = visit;
	const looked = await operations.verifyDomain(params.domain ?? "", actor, services);
	switch (looked.kind) {
		case "verified":
			return doneAt(hereOf(visit), "verified");
		case "unknown":
			return notThere(visit, "domain");
		case "not_permitted":
			return notForRole(visit, onlyAdministrators);
		case "missing":
			return showDomain(
				visit,
				409,
				"DNS does not have the record yet. What was asked before may be answered as it was for a while.",
			);
		case "taken":
			return showDomain(visit, 409, "The domain counts for another account here. Ask whoever runs this deployment.");
		case "unasked":
			return showDomain(visit, 409, "This deployment asks no DNS.");
		case "unreachable":
			return showDomain(visit, 503, "DNS could not be asked. Please try again later.");
		case "limited":
			return showDomain(visit, 429, `DNS was asked often. ${tryAgain(looked.retryAfter)}`);
	}
});

/** `GET`, `POST …/sign-in/domains/:domain/delete` */
export const removeDomainPage = inConsole("settings", "admin", async (visit) => {
	const { services, actor, params, frame } = visit;
	const { accountId } = actor;
	const domain = params.domain ?? "";
	if (!visit.isPost) {
		const there = await operations.findDomain(accountId, domain, services);
		return there ? page(200, removeDomainView({ frame, base: baseOf(visit), domain })) : notThere(visit, "domain");
	}
	const removed = await operations.removeDomain({ accountId, domain }, actor, services);
	if (removed === "not_permitted") return notForRole(visit, onlyAdministrators);
	return removed === "deleted" ? doneAt(baseOf(visit), "domain_removed") : notThere(visit, "domain");
});

async function showDomain(visit: Visit, status: number, problem: string | null): Promise<Response> {
	const { services, actor, params, frame } = visit;
	const [there, providers] = await Promise.all([
		operations.findDomain(actor.accountId, params.domain ?? "", services),
		listProviders(actor, services),
	]);
	if (!there) return notThere(visit, "domain");
	return page(
		status,
		domainView({
			frame,
			base: baseOf(visit),
			domain: there.domain,
			record: recordOf(there),
			verified: there.verified,
			asksDns: services.config.dnsResolver !== null,
			providers,
			provider: there.providerId ?? "",
			problem,
		}),
	);
}

function baseOf({ frame }: Visit): string {
	return `${frame.base}/settings/sign-in`;
}

function hereOf(visit: Visit): string {
	return `${baseOf(visit)}/domains/${visit.params.domain}`;
}
