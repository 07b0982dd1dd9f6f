import type { Operator } from "../../domain/ports/operators.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import type { FieldErrors } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface OperatorsProps {
	readonly frame: OperatorFrame;
	readonly operators: readonly (Operator & { readonly isMe: boolean })[];
	readonly failed?: string | null;
}

const said = {
	added: "They are an operator from their next request on.",
	same: "They were an operator before.",
	removed: "They are no operator any more.",
};

/** `GET /operator/operators` */
export function operatorsView({ frame, operators, failed = null }: OperatorsProps): string {
	return renderConsolePage({
		frame,
		title: "Operators",
		said,
		actions: <LinkButton href={`${frame.base}/operators/new`} label="Add an operator" />,
		notice: failed,
		failed: failed !== null,
		children: (
			<>
				<DataTable
					caption="Who runs this deployment"
					columns={["Name", "User name", "Since", "Action"]}
					rows={operators.map(({ id, name, username, since, isMe }) => ({
						key: id,
						cells: [
							<>
								<Name text={name} /> {isMe && <Badge tone="good" text="You" />}
							</>,
							<Name text={username} />,
							since === 0 ? "The beginning" : <Instant at={since} now={frame.now} />,
							<LinkButton
								look="secondary small"
								href={`${frame.base}/operators/${id}/remove`}
								label="Remove"
								about={` ${name}`}
							/>,
						],
					}))}
				/>
				<p class="muted">
					Operators create, suspend and delete accounts and end clients. They see no secret, and nothing of an account
					to which they do not belong.
				</p>
			</>
		),
	});
}

export interface NewOperatorProps {
	readonly frame: OperatorFrame;
	readonly username: string;
	readonly errors: FieldErrors<"username">;
	readonly problem: string | null;
}

export function newOperatorView({ frame, username, errors, problem }: NewOperatorProps): string {
	return renderConsolePage({
		frame,
		title: "Add an operator",
		failed: problem !== null || errors.username !== undefined,
		children: (
			<FormCard
				action={`${frame.base}/operators/new`}
				frame={frame}
				errors={errors}
				problem={problem}
				submit="Add operator"
				cancel={`${frame.base}/operators`}
			>
				<Field
					name="username"
					label="User name"
					value={username}
					hint="Of somebody who signs in here already, in whichever account."
					error={errors.username}
				/>
			</FormCard>
		),
	});
}

export function removeOperatorView({
	frame,
	operator,
	isMe,
}: {
	readonly frame: OperatorFrame;
	readonly operator: Operator;
	readonly isMe: boolean;
}): string {
	return confirmationView({
		frame,
		title: "Remove this operator?",
		about: operator.name,
		children: (
			<p>
				<StrongName text={operator.name} /> {isMe && "(you) "}will run this deployment no more, from the next request
				on. What they are in their accounts stays as it is.
			</p>
		),
		action: `${frame.base}/operators/${operator.id}/remove`,
		confirm: "Remove this operator",
		cancelUrl: `${frame.base}/operators`,
	});
}
