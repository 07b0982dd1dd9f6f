import { DataTable } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name, StrongName } from "../../ui/name.tsx";
import { LinkButton, PressTwice } from "../../ui/post-form.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

interface Shown {
	readonly frame: ConsoleFrame;
}

interface ShownProvider {
	readonly id: string;
	readonly name: string;
	/** Null for one of the whole deployment. */
	readonly accountName: string | null;
	readonly linked: { readonly at: number; readonly lastUsedAt: number | null } | null;
}

/** Nothing at all where there is none. */
export function MyProviders({ frame, providers }: Shown & { readonly providers: readonly ShownProvider[] }) {
	if (providers.length === 0) return null;
	return (
		<Section class="part" id="providers" title="Through a provider">
			<p class="muted">
				Whoever a provider says that you are, you are here. Unlinking one signs out every browser that came in through
				it.
			</p>
			<DataTable
				caption="Providers that you can sign in through"
				columns={["Provider", "Opens", "Linked", "Action"]}
				rows={providers.map(({ id, name, accountName, linked }) => ({
					key: id,
					cells: [
						<Name text={name} />,
						accountName === null ? "All that is yours" : <Name text={accountName} />,
						linked ? (
							<>
								<Instant at={linked.at} now={frame.now} />
								<span class="muted block">
									{linked.lastUsedAt === null ? (
										"not used yet"
									) : (
										<>
											last used <Instant at={linked.lastUsedAt} now={frame.now} />
										</>
									)}
								</span>
							</>
						) : (
							"No"
						),
						linked ? (
							<PressTwice
								csrf={frame.csrf}
								action={`${urlOf(frame, id)}/unlink`}
								label="Unlink"
								about={` ${name}`}
								confirm="Unlink"
							>
								It signs you in no more, and you are signed out wherever you came in so.
							</PressTwice>
						) : (
							<LinkButton look="secondary small" href={`${urlOf(frame, id)}/link`} label="Link" about={` ${name}`} />
						),
					],
				}))}
				nextUrl={null}
			/>
		</Section>
	);
}

interface LinkProviderProps extends Shown {
	readonly provider: ShownProvider;
	readonly ways: WaysToProve;
	readonly error: string | null;
}

/** `GET …/security/providers/:id/link` */
export function linkProviderView({ frame, provider, ways, error }: LinkProviderProps): string {
	const { id, name, accountName } = provider;
	return renderConsolePage({
		frame,
		title: `Link ${name}`,
		failed: error !== null,
		children: (
			<FormCard
				action={`${urlOf(frame, id)}/link`}
				frame={frame}
				errors={{ password: error }}
				submit={`Go on to ${name}`}
				cancel={`${frame.base}/security`}
				intro={
					<p>
						You sign in at <StrongName text={name} />, and whoever signs in there as you is you here from then on
						{accountName === null ? "." : <>, in {accountName} and nowhere else: also whoever runs that provider.</>}
					</p>
				}
			>
				<ProofFields
					ways={ways}
					hint="So that nobody who finds you signed in makes a way in for themselves."
					error={error}
				/>
			</FormCard>
		),
	});
}

function urlOf({ base }: ConsoleFrame, providerId: string): string {
	return `${base}/security/providers/${providerId}`;
}
