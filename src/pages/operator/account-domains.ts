import { page } from "../../http/reply.ts";
import { confirmDomain, listDomains, removeDomain } from "../../operations/people/account-domains.ts";
import { findAccount } from "../../operations/people/accounts.ts";
import { doneAt } from "../frame/address.ts";
import { notForRole, notThereAtAll } from "../frame/refusal.ts";
import { type OperatorVisit, visitAsOperator } from "../frame/visit-as-operator.ts";
import { accountDomainsView, takeBackDomainView } from "./account-domains.tsx";
import { onlyOperators } from "./operators.ts";

/** `GET /operator/accounts/:slug/domains` */
export const accountDomainsPage = visitAsOperator("accounts", (visit) => show(visit, 200, null));

/** `POST /operator/accounts/:slug/domains/:domain/confirm` */
export const confirmDomainPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, params } = visit;
	const found = await findAccount(params.slug ?? "", services);
	if (!found) return notThereAtAll(visit, "account");
	const { kind } = await confirmDomain(found.account.id, params.domain ?? "", operator, services);
	if (kind === "not_permitted") return notForRole(visit, onlyOperators);
	if (kind === "taken") return show(visit, 409, "The domain counts for another account. Remove it there first.");
	return kind === "verified" ? doneAt(baseOf(visit), "confirmed") : notThereAtAll(visit, "domain");
});

/** `GET`, `POST /operator/accounts/:slug/domains/:domain/remove` */
export const takeBackDomainPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, params } = visit;
	const found = await findAccount(params.slug ?? "", services);
	if (!found) return notThereAtAll(visit, "account");
	const of = { accountId: found.account.id, domain: params.domain ?? "" };
	if (!visit.isPost) {
		const isNamed = (await listDomains(of.accountId, services)).some(({ domain }) => domain === of.domain);
		if (!isNamed) return notThereAtAll(visit, "domain");
		return page(200, takeBackDomainView({ frame: visit.frame, slug: found.account.slug, domain: of.domain }));
	}
	const removed = await removeDomain(of, operator, services);
	if (removed === "not_permitted") return notForRole(visit, onlyOperators);
	return removed === "deleted" ? doneAt(baseOf(visit), "removed") : notThereAtAll(visit, "domain");
});

async function show(visit: OperatorVisit, status: number, problem: string | null): Promise<Response> {
	const { services, params, frame } = visit;
	const found = await findAccount(params.slug ?? "", services);
	if (!found) return notThereAtAll(visit, "account");
	const domains = await listDomains(found.account.id, services);
	return page(status, accountDomainsView({ frame, slug: found.account.slug, domains, problem }));
}

function baseOf({ params }: OperatorVisit): string {
	return `/operator/accounts/${params.slug}/domains`;
}
