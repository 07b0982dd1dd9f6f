import type { Params } from "../../http/body.ts";
import { readOwnForm } from "../../http/own-form.ts";
import { page } from "../../http/reply.ts";
import type { Call } from "../../endpoint/call.ts";
import { refusedForm, shellOf } from "../../endpoint/shell.ts";
import { isFormToken } from "../../operations/form-token.ts";
import type { AnySignedIn } from "../../operations/people/sign-in.ts";
import { problemView } from "../../ui/problem.tsx";
import { allow, type Chosen, showQuestion, purposeOf } from "./interaction.ts";
import type { Question } from "./question.ts";
import { offersTo } from "./offers.ts";
import { refused } from "./refusal.ts";
import { refuseClient } from "./response.ts";
import { findSignedIn } from "./signed-in.ts";

/**
 * What a person answers. It counts only from the page that asked: the form's token binds it to this sign-in and to every
 * parameter of the request, and whoever would have to sign in first still has to.
 */
export async function takeDecision(call: Call, question: Question): Promise<Response> {
	const { services } = call;
	const { request } = question;
	const form = await readOwnForm(call.request, services.config.issuer);
	if (!form.ok) return page(form.status, problemView(refusedForm(form, await shellOf(call))));
	const there = await findSignedIn(call, question);
	if (there instanceof Response) {
		const isDenied = form.params.get("decision") === "deny";
		// Who goes back instead of signing in has nothing yet that a token could be bound to: that a page of ours sent it is enough.
		return isDenied ? refuseClient(request, refused("access_denied", notSignedIn), call) : there;
	}
	const decided = await readDecision(call, question, there, form.params);
	if (decided instanceof Response) return decided;
	if (decided === "deny") return refuseClient(request, refused("access_denied", "The person said no"), call);
	return allow(call, request, there, decided, true);
}

/** What the form of a question says; else what is to be answered instead. */
export async function readDecision(
	call: Call,
	question: Question,
	there: AnySignedIn,
	params: Params,
): Promise<Chosen | "deny" | Response> {
	const { services } = call;
	const { common, consent } = (await shellOf(call)).words;
	const again = (status: number, error: string) => showQuestion(call, question, there, status, error);
	const { offers } = await offersTo(there, question.request, services);
	if (!(await isFormToken(params.get("csrf"), there.id, purposeOf(question, offers), services.serverKeys))) {
		return again(403, common.outOfDate);
	}
	const decision = params.get("decision");
	if (decision === "deny") return decision;
	if (decision !== "allow") return again(400, common.chooseButton);

	const named = params.get("account");
	const chosen =
		named === undefined && offers.length === 1 ? offers[0] : offers.find((each) => each.account.id === named);
	if (!chosen) return again(400, consent.chooseAccount);
	return { accountId: chosen.account.id, agreed: chosen };
}

const notSignedIn = "The person did not sign in";
