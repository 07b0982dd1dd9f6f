import { bounds, isFull } from "../../domain/bounds.ts";
import { page, seeOther } from "../../http/reply.ts";
import { addOperator, listOperators, removeOperator } from "../../operations/people/operators.ts";
import { doneAt } from "../frame/address.ts";
import { notForRole, notThereAtAll } from "../frame/refusal.ts";
import { type OperatorVisit, visitAsOperator } from "../frame/visit-as-operator.ts";
import { newOperatorView, operatorsView, removeOperatorView } from "./operators.tsx";

const base = "/operator/operators";

/** `GET /operator/operators` */
export const operatorsPage = visitAsOperator("operators", (visit) => showOperators(visit, 200, null));

/** `GET`, `POST /operator/operators/new` with `username` */
export const newOperatorPage = visitAsOperator("operators", async (visit) => {
	const { services, operator, form, frame } = visit;
	const username = (form.get("username") ?? "").trim();
	const again = (status: number, errors: { username?: string }, problem: string | null = null) =>
		page(status, newOperatorView({ frame, username, errors, problem }));
	if (!visit.isPost) return again(200, {});
	const added = await addOperator(username, operator, services);
	switch (added.kind) {
		case "added":
		case "same":
			return doneAt(base, added.kind);
		case "unknown":
			return again(404, { username: "Nobody here has this user name." });
		case "full":
			return again(409, {}, isFull(bounds.operators));
		case "not_permitted":
			return notForRole(visit, onlyOperators);
	}
});

/** `GET`, `POST /operator/operators/:id/remove` */
export const removeOperatorPage = visitAsOperator("operators", async (visit) => {
	const { services, operator, signedIn, params, frame } = visit;
	const id = params.id ?? "";
	const found = (await listOperators(services)).find((each) => each.id === id);
	if (!found) return notThereAtAll(visit, "operator");
	const isMe = id === signedIn.person.id;
	if (!visit.isPost) return page(200, removeOperatorView({ frame, operator: found, isMe }));
	switch (await removeOperator(id, operator, services)) {
		case "removed":
			return isMe ? seeOther("/") : doneAt(base, "removed");
		case "unknown":
			return notThereAtAll(visit, "operator");
		case "last":
			return showOperators(visit, 409, "This is the only operator. Add another one first.");
		case "not_permitted":
			return notForRole(visit, onlyOperators);
	}
});

export const onlyOperators = "Only an operator of this deployment can do this, and you are none any more.";

async function showOperators(visit: OperatorVisit, status: number, failed: string | null): Promise<Response> {
	const { services, signedIn, frame } = visit;
	const operators = await listOperators(services);
	const shown = operators.map((each) => ({ ...each, isMe: each.id === signedIn.person.id }));
	return page(status, operatorsView({ frame, operators: shown, failed }));
}
