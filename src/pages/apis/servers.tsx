import { Choices } from "../../ui/choices.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

export interface ServersFormProps {
	readonly frame: Frame;
	/** What it is called. */
	readonly api: string;
	readonly action: string;
	readonly cancel: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly problem: string | null;
	readonly errors: FieldErrors<"servers">;
	readonly chosen: readonly string[];
	/** The confidential clients of the account; null where an operator names those of any. */
	readonly clients: readonly { readonly id: string; readonly name: string }[] | null;
	/** Null where whoever visits makes no clients. */
	readonly newUrl: string | null;
}

/** Posts `servers:<client id>`, or `servers` with one on each line. */
export function serversFormView(props: ServersFormProps): string {
	const { frame, api, action, cancel, fields, problem, errors, chosen, clients, newUrl } = props;
	return renderConsolePage({
		frame,
		title: "Clients that serve the API",
		about: api,
		actions: newUrl !== null && <LinkButton look="secondary" href={newUrl} label="Create a client for a server" />,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<FormCard
					frame={frame}
					action={action}
					fields={fields}
					errors={errors}
					problem={problem}
					submit="Save the servers"
					cancel={cancel}
					intro={
						<p>
							A server of <StrongName text={api} /> asks latchkey by a client's ID and secret whether a token or an API
							key is good, and is told what is permitted at the APIs that it serves, and nothing else.
						</p>
					}
				>
					{clients === null ? (
						<Field
							type="multiline"
							name="servers"
							label="Client IDs"
							value={chosen.join("\n")}
							hint="One on each line, of confidential clients of any account."
							required={false}
							error={errors.servers}
						/>
					) : clients.length === 0 ? (
						<p id="servers">The account has no client with a secret yet.</p>
					) : (
						<Choices
							legend="Clients of this account"
							name="servers"
							chosen={chosen}
							options={clients.map(({ id, name }) => ({ value: id, label: name, hint: id }))}
							error={errors.servers}
						/>
					)}
				</FormCard>
			</>
		),
	});
}

export interface NewServerProps {
	readonly frame: Frame;
	/** What it is called. */
	readonly api: string;
	readonly action: string;
	readonly cancel: string;
	readonly fields: Readonly<Record<string, string>>;
	readonly problem: string | null;
	readonly errors: FieldErrors<"name">;
	readonly name: string;
}

export function newServerView({ frame, api, name, ...form }: NewServerProps): string {
	return renderConsolePage({
		frame,
		title: "Create a client for a server",
		about: api,
		failed: isWrong(form.errors) || form.problem !== null,
		children: (
			<FormCard {...form} frame={frame} submit="Create client">
				<p>
					It is an application with a secret, to which nobody is ever sent: it asks latchkey about tokens and API keys
					at <StrongName text={api} />, and may be permitted nothing itself.
				</p>
				<Field name="name" label="Name" value={name} hint="Unique in this account." error={form.errors.name} />
			</FormCard>
		),
	});
}
