import { randomId } from "../../crypto/random.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import type { ListedAccount } from "../../domain/ports/accounts.ts";
import { type Headers, page, streamedDownload } from "../../http/reply.ts";
import { exportAccount } from "../../operations/people/export-account.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import * as operations from "../../operations/people/accounts.ts";
import { doneAt, nextUrl } from "../frame/address.ts";
import { changedAllTheTime, drawnFrom, drawnOf, isConflict, savedMeanwhile, settle } from "../frame/drawn.ts";
import { proofAgain, refusedProof } from "../frame/proof.ts";
import { notForRole, notThereAtAll, refuseVisit, sentAlready } from "../frame/refusal.ts";
import { type OperatorVisit, visitAsOperator } from "../frame/visit-as-operator.ts";
import { deletionView, firstLinkView, suspendView } from "./account-steps.tsx";
import { accountsView, accountView } from "./accounts.tsx";
import { onlyOperators } from "./operators.ts";

const pageSize = 50;
const day = 86_400;

/** `GET /operator/accounts` */
export const accountsPage = visitAsOperator("accounts", async (visit) => {
	const { url, services, frame } = visit;
	const said = url.searchParams.get("state");
	const state = said === "active" || said === "suspended" ? said : null;
	const cursor = url.searchParams.get("cursor");
	const found = await operations.listAccounts(state, { cursor, limit: pageSize }, services);
	if (!found) return notThereAtAll(visit, "page");
	const next = nextUrl(visit, found.next, state === null ? {} : { state });
	return page(200, accountsView({ frame, accounts: found.rows, state, nextUrl: next }));
});

/** `GET`, `POST /operator/accounts/:slug` with `name` */
export const accountPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, form } = visit;
	const slug = slugOf(visit);
	if (!visit.isPost) return show(visit, 200);
	const typed = form.get("name") ?? "";
	const name = readName(typed);
	if (name === null) return show(visit, 400, { name: typed, fields: drawnOf(form), error: nameRule });
	const settled = (now: ListedAccount) => settle(form, { name }, { name: now.name });
	const edit = async (now: ListedAccount) => {
		const { conflicts, values } = await settled(now);
		return isConflict(conflicts) ? "stale" : values.name;
	};
	const renamed = await operations.renameAnyAccount(slug, edit, operator, services);
	switch (renamed.kind) {
		case "changed":
			return doneAt(baseOf(visit), "name");
		case "stale": {
			const { conflicts } = await settled(renamed.account);
			return show(visit, 409, { name: typed, error: conflicts.name ?? null, problem: savedMeanwhile });
		}
		case "overtaken":
			return show(visit, 409, { name: typed, fields: drawnOf(form), problem: changedAllTheTime });
		default:
			return refused(visit, renamed.kind);
	}
});

/** `GET`, `POST /operator/accounts/:slug/suspend` */
export const suspendAccountPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, frame } = visit;
	if (!visit.isPost) {
		const found = await operations.findAccount(slugOf(visit), services);
		return found ? page(200, suspendView({ frame, account: found.account })) : refused(visit, "unknown");
	}
	const done = await operations.suspendAccount(slugOf(visit), operator, services);
	return done.kind === "changed" ? doneAt(baseOf(visit), "suspended") : refused(visit, done.kind);
});

/** `POST /operator/accounts/:slug/reinstate` */
export const reinstateAccountPage = visitAsOperator("accounts", async (visit) => {
	const done = await operations.reinstateAccount(slugOf(visit), visit.operator, visit.services);
	return done.kind === "changed" ? doneAt(baseOf(visit), "reinstated") : refused(visit, done.kind);
});

/** `GET`, `POST /operator/accounts/:slug/delete` with `days` and, to be sure, `slug`, and a proof where the sign-in is a while old */
export const deleteAccountPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, frame, form } = visit;
	const found = await operations.findAccount(slugOf(visit), services);
	if (!found) return refused(visit, "unknown");
	const { account } = found;
	const days = (form.get("days") ?? "30").trim();
	const typed = (form.get("slug") ?? "").trim();
	const ask = async (
		status: number,
		{ unproved, ...errors }: { days?: string; slug?: string; unproved?: string },
		headers?: Headers,
	) => {
		const proof = await proofAgain(visit, unproved);
		return page(status, deletionView({ frame, account, days, typed, errors, proof }), headers);
	};
	if (!visit.isPost) return ask(200, {});
	const wrongSlug = typed === account.slug ? {} : { slug: "This is not the short name of this account." };
	const at = /^\d{1,3}$/.test(days) ? services.now() + Number(days) * day : 0;
	if ("slug" in wrongSlug) return ask(400, wrongSlug);
	const unproven = await refusedProof(visit);
	if (unproven) return ask(unproven[0], { unproved: unproven[1] }, unproven[2]);
	const set = await operations.setDeletion(account.slug, at, operator, services);
	switch (set.kind) {
		case "changed":
			return doneAt(baseOf(visit), "deletion");
		case "out_of_range":
			return ask(400, { days: "Enter a number from 7 to 366." });
		case "not_suspended":
			return show(visit, 409, { problem: "An account is suspended before it is deleted." });
		default:
			return refused(visit, set.kind);
	}
});

/** `POST /operator/accounts/:slug/keep` */
export const keepAccountPage = visitAsOperator("accounts", async (visit) => {
	const done = await operations.setDeletion(slugOf(visit), null, visit.operator, visit.services);
	return done.kind === "changed" ? doneAt(baseOf(visit), "kept") : refused(visit, done.kind);
});

/** `POST /operator/accounts/:slug/export` */
export const exportAccountPage = visitAsOperator("accounts", async (visit) => {
	const exported = await exportAccount(slugOf(visit), visit.operator, visit.services);
	switch (exported.kind) {
		case "exported":
			return streamedDownload({ media: "application/json", fileName: `${exported.slug}.json` }, exported.text);
		case "unknown":
			return refused(visit, "unknown");
		case "not_suspended":
			return show(visit, 409, { problem: "An account is suspended before it is exported." });
	}
});

/** `POST /operator/accounts/:slug/first-administrator`: the same form once more shows the same link. */
export const firstAdministratorPage = visitAsOperator("accounts", async (visit) => {
	const { services, operator, frame, form } = visit;
	const nonce = form.get("nonce");
	if (!isFormNonce(nonce)) return sentAlready(visit);
	const found = await operations.findAccount(slugOf(visit), services);
	const invited = await operations.inviteFirst(slugOf(visit), nonce, operator, services);
	if (!found) return refused(visit, "unknown");
	switch (invited.kind) {
		case "invited":
			return page(200, firstLinkView({ ...invited, frame, account: found.account }));
		case "inhabited":
			return show(visit, 409, { problem: "Somebody belongs to it: its administrators invite others." });
		default:
			return refused(visit, invited.kind);
	}
});

interface NameForm {
	readonly name?: string;
	readonly fields?: Readonly<Record<string, string>>;
	readonly error?: string | null;
	readonly problem?: string | null;
}

async function show(visit: OperatorVisit, status: number, form: NameForm = {}): Promise<Response> {
	const found = await operations.findAccount(slugOf(visit), visit.services);
	if (!found) return refused(visit, "unknown");
	const { name } = found.account;
	const fields = form.fields ?? (await drawnFrom({ name }));
	const nonce = randomId(visit.services.random);
	return page(
		status,
		accountView({ nonce, name, error: null, problem: null, ...form, ...found, fields, frame: visit.frame }),
	);
}

function refused(visit: OperatorVisit, kind: string): Response {
	if (kind === "unknown") return notThereAtAll(visit, "account");
	if (kind === "not_permitted") return notForRole(visit, onlyOperators);
	return refuseVisit(visit, 409, "Not saved", changedAllTheTime);
}

function slugOf({ params }: OperatorVisit): string {
	return params.slug ?? "";
}

function baseOf(visit: OperatorVisit): string {
	return `/operator/accounts/${slugOf(visit)}`;
}
