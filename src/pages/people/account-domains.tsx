import { Copyable } from "../../ui/copyable.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

const said = {
	named: "The domain is added. It counts for nothing until it is verified.",
	saved: "Saved.",
	verified: "The domain is verified. From now on it counts for this account.",
};

interface Choice {
	readonly id: string;
	readonly name: string;
}

export interface DomainFormProps {
	readonly frame: ConsoleFrame;
	readonly base: string;
	readonly providers: readonly Choice[];
	readonly values: { readonly domain: string; readonly provider: string };
	readonly errors: FieldErrors;
	readonly problem?: string | null;
}

/** `GET …/sign-in/new-domain` */
export function newDomainView({ frame, base, providers, values, errors, problem = null }: DomainFormProps): string {
	return renderConsolePage({
		frame,
		title: "Add a domain",
		failed: isWrong(errors) || problem !== null,
		children: (
			<FormCard
				action={`${base}/new-domain`}
				frame={frame}
				errors={errors}
				problem={problem}
				submit="Add domain"
				cancel={base}
			>
				<Field
					name="domain"
					label="Domain"
					keys="url"
					value={values.domain}
					hint="As in your people's e-mail addresses, such as acme.example."
					error={errors.domain}
				/>
				<ProviderChoice providers={providers} chosen={values.provider} error={errors.provider_id} />
			</FormCard>
		),
	});
}

export interface DomainProps {
	readonly frame: ConsoleFrame;
	readonly base: string;
	readonly domain: string;
	readonly record: { readonly name: string; readonly value: string };
	readonly verified: { readonly at: number; readonly by: "dns" | "operator" } | null;
	/** Whether DNS is asked here. */
	readonly asksDns: boolean;
	readonly providers: readonly Choice[];
	readonly provider: string;
	readonly problem: string | null;
}

/** `GET …/sign-in/domains/:domain` */
export function domainView(props: DomainProps): string {
	const { frame, base, domain, record, verified, asksDns, providers, provider, problem } = props;
	const here = `${base}/domains/${domain}`;
	return renderConsolePage({
		frame,
		title: domain,
		said,
		failed: problem !== null,
		children: (
			<>
				<div class="card">
					{verified ? (
						<p>
							Verified by {verified.by === "dns" ? "DNS" : "an operator"}, <Instant at={verified.at} now={frame.now} />.
						</p>
					) : (
						<>
							<p>
								{asksDns
									? "Not verified yet. Add this TXT record to the domain's DNS, and have it looked for:"
									: "Not verified yet. This deployment asks no DNS: have whoever runs it confirm that the domain is yours."}
							</p>
							{asksDns && (
								<>
									<Copyable id="record-name" text={record.name} label="Copy the name" />
									<Copyable id="record-value" text={record.value} label="Copy the value" />
									<Press action={`${here}/verify`} csrf={frame.csrf} label="Look for it" />
								</>
							)}
						</>
					)}
				</div>
				<FormCard action={here} frame={frame} errors={{}} problem={problem} submit="Save" cancel={base}>
					<ProviderChoice providers={providers} chosen={provider} error={undefined} />
				</FormCard>
				<div class="row">
					<LinkButton look="secondary" href={`${here}/delete`} label="Remove this domain" />
				</div>
			</>
		),
	});
}

function ProviderChoice({
	providers,
	chosen,
	error,
}: {
	readonly providers: readonly Choice[];
	readonly chosen: string;
	readonly error: string | null | undefined;
}) {
	return (
		<SelectField
			name="provider_id"
			label="Its people sign in through"
			options={[
				{ value: "", label: "No provider: with a password or a passkey" },
				...providers.map(({ id, name }) => ({ value: id, label: name })),
			]}
			chosen={chosen}
			error={error}
		/>
	);
}

/** `GET …/sign-in/domains/:domain/delete` */
export function removeDomainView({
	frame,
	base,
	domain,
}: {
	readonly frame: ConsoleFrame;
	readonly base: string;
	readonly domain: string;
}): string {
	const here = `${base}/domains/${domain}`;
	return confirmationView({
		frame,
		title: "Remove this domain?",
		about: domain,
		children: (
			<p>
				Addresses at <strong>{domain}</strong> lead nobody to your provider any more, and another account may show that
				the domain is its own. To have it back it has to be verified anew.
			</p>
		),
		action: `${here}/delete`,
		confirm: "Remove this domain",
		cancelUrl: here,
	});
}
