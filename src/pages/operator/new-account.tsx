import { RadioChoices } from "../../ui/choices.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface NewAccountProps {
	readonly frame: OperatorFrame;
	readonly nonce: string;
	readonly values: { readonly name: string; readonly slug: string; readonly administrator: string };
	readonly errors: FieldErrors<"name" | "slug">;
	readonly problem: string | null;
}

/** `GET /accounts/new` */
export function newAccountView({ frame, nonce, values, errors, problem }: NewAccountProps): string {
	return renderConsolePage({
		frame,
		title: "Create account",
		failed: problem !== null || isWrong(errors),
		children: (
			<FormCard
				action="/accounts/new"
				frame={frame}
				fields={{ nonce }}
				errors={errors}
				problem={problem}
				submit="Create account"
				cancel={frame.person.isOperator ? "/operator/accounts" : "/console"}
				intro={
					frame.person.isOperator ? undefined : (
						<p class="muted">You administer it, and can invite others afterwards.</p>
					)
				}
			>
				<Field
					name="name"
					label="Account name"
					autocomplete="organization"
					value={values.name}
					hint="A company or a team, as people call it."
					error={errors.name}
				/>
				<Field
					name="slug"
					label="Short name"
					value={values.slug}
					hint="Stands for the account in URLs, such as acme. It cannot be changed, and never becomes another account's."
					error={errors.slug}
				/>
				{frame.person.isOperator && (
					<RadioChoices
						legend="Its administrator"
						name="administrator"
						options={administrators}
						chosen={values.administrator}
					/>
				)}
			</FormCard>
		),
	});
}

const administrators = [
	{ value: "me", label: "You", hint: "You belong to it, and invite others there." },
	{ value: "nobody", label: "Somebody else", hint: "The next page makes a link for them. You do not belong to it." },
];
