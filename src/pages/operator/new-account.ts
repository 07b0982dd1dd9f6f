import { isSlug, slugRule } from "../../domain/account.ts";
import { bounds, isFull } from "../../domain/bounds.ts";
import { nameRule, readName } from "../../domain/display-name.ts";
import { randomId } from "../../crypto/random.ts";
import { page, seeOther } from "../../http/reply.ts";
import { rateLimitHeaders } from "../../http/rate-limit.ts";
import type { Call } from "../../endpoint/call.ts";
import { isFormNonce } from "../../operations/form-nonce.ts";
import { makeAccount, newAccountId } from "../../operations/people/accounts.ts";
import { tryAgain } from "../../ui/instant.tsx";
import { arrive, readVisit } from "../frame/arrival.ts";
import type { OperatorFrame } from "../frame/frame.ts";
import { refuseVisit, sentAlready } from "../frame/refusal.ts";
import { newAccountView, type NewAccountProps } from "./new-account.tsx";

/** `GET`, `POST /accounts/new`: for operators or, where the deployment lets everybody, whoever is signed in. */
export async function newAccountPage(call: Call): Promise<Response> {
	const arrival = await arrive(call);
	if (arrival.kind === "turned_away") return arrival.to;
	const { services, address } = call;
	const { signedIn, isPost, common } = arrival;
	const { isOperator } = common.person;
	const frame: OperatorFrame = { ...common, section: "accounts", account: null, base: "/operator" };
	if (!common.mayMakeAccounts) return refuseVisit({ frame }, 403, "Not for everybody", onlyOperatorsMake);
	const form = await readVisit(call, arrival, frame);
	if (form instanceof Response) return form;
	const field = (name: string) => (form.get(name) ?? "").trim();
	const isForOther = isOperator && field("administrator") === "nobody";
	const values = { name: field("name"), slug: field("slug"), administrator: isForOther ? "nobody" : "me" };
	const nonce = isPost ? form.get("nonce") : randomId(services.random);
	if (!isFormNonce(nonce)) return sentAlready({ frame });
	const again = (
		status: number,
		errors: NewAccountProps["errors"],
		problem: string | null = null,
		headers: Readonly<Record<string, string>> = {},
	) => page(status, newAccountView({ frame, nonce, values, errors, problem }), headers);
	if (!isPost) return again(200, {});

	const name = readName(values.name);
	const errors = { ...(name === null && { name: nameRule }), ...(!isSlug(values.slug) && { slug: slugRule }) };
	if (name === null || "slug" in errors) return again(400, errors);
	const maker = { subject: signedIn.person.id, isOperator, address };
	const id = await newAccountId(nonce, maker, services);
	const made = await makeAccount({ id, slug: values.slug, name, administered: !isForOther }, maker, services);
	switch (made.kind) {
		case "made":
			return seeOther(isForOther ? `/operator/accounts/${values.slug}` : `/console/${values.slug}`);
		case "taken":
			return again(409, { slug: "This short name is, or was, another account's. Choose another one." });
		case "full":
			return again(409, {}, isFull(bounds.ownAccounts));
		case "limited":
			return again(429, {}, `Too many accounts at once. ${tryAgain(made.retryAfter)}`, rateLimitHeaders(made));
		case "not_permitted":
			return refuseVisit({ frame }, 403, "Not for everybody", onlyOperatorsMake);
	}
}

const onlyOperatorsMake = "Here those who run the deployment create accounts. Ask one of them.";
