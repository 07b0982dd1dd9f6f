import { Field } from "../../ui/field.tsx";
import { Name } from "../../ui/name.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface VerifiedEmailProps {
	readonly frame: ConsoleFrame;
	readonly member: { readonly id: string; readonly name: string };
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly values: { readonly email: string };
	readonly error: string | null;
}

/** `GET …/settings/people/:id/email` */
export function verifiedEmailView({ frame, member, fields, values, error }: VerifiedEmailProps): string {
	const base = `${frame.base}/settings/people/${member.id}`;
	return renderConsolePage({
		frame,
		title: "Verify an e-mail address",
		about: member.name,
		failed: error !== null,
		children: (
			<FormCard
				action={`${base}/email`}
				frame={frame}
				fields={fields}
				errors={error === null ? {} : { email: error }}
				problem={null}
				submit="Save"
				cancel={base}
				intro={
					<p>
						You vouch that this address is that of <Name text={member.name} />. Applications of{" "}
						<Name text={frame.account.name} /> are told so while it is the one in their profile; those of others are
						not.
					</p>
				}
			>
				<Field
					name="email"
					label="E-mail address"
					value={values.email}
					required={false}
					keys="email"
					autocomplete="off"
					hint="Leave it empty to vouch for none."
					error={error}
				/>
			</FormCard>
		),
	});
}
