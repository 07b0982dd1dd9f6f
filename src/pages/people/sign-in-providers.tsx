import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { OnOff } from "../../ui/badge.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Instant } from "../../ui/instant.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

const said = {
	deleted: "The provider is gone. Whom it let in is out within 30 seconds.",
	domain_removed: "The domain is removed. It leads nobody anywhere any more.",
};

export interface ProvidersProps {
	readonly frame: Frame;
	readonly base: string;
	readonly providers: readonly {
		readonly id: string;
		readonly name: string;
		readonly issuer: string;
		readonly isOn: boolean;
		readonly only: boolean;
	}[];
	readonly presets: readonly { readonly name: string; readonly label: string }[];
	/** Null for the deployment, which has none. */
	readonly domains:
		| readonly {
				readonly domain: string;
				readonly provider: string | null;
				readonly verifiedAt: number | null;
		  }[]
		| null;
}

/** `GET /console/:slug/settings/sign-in`, `GET /operator/sign-in` */
export function signInProvidersView({ frame, base, providers, presets, domains }: ProvidersProps): string {
	const add = (
		<div class="row">
			{presets.map(({ name, label }) => (
				<LinkButton look="secondary" href={`${base}/new?preset=${name}`} label={label} about=": add it" key={name} />
			))}
		</div>
	);
	return renderConsolePage({
		frame,
		title: frame.account ? "Settings" : "Sign-in",
		...(frame.account && { tab: "Sign-in" }),
		said,
		children: (
			<>
				{frame.account && <SettingsTabs frame={frame} current="Sign-in" />}
				<Section class="part" id="providers" title="Providers">
					{providers.length === 0 ? (
						<EmptyState title="Nobody signs in through a provider">
							<p>
								{frame.account
									? "People of this account can come in through your company's own provider, which decides who they are. Choose what you have:"
									: "People of the whole deployment can come in through a provider that they link to themselves. It stands as a button on every sign-in page. Choose one:"}
							</p>
							{add}
						</EmptyState>
					) : (
						<>
							<DataTable
								caption="Providers that people sign in through"
								columns={["Name", "Issuer", "State"]}
								rows={providers.map(({ id, name, issuer, isOn, only }) => ({
									key: id,
									cells: [
										<a class="row-link" href={`${base}/${id}`}>
											<Name text={name} />
										</a>,
										<code>{issuer}</code>,
										<>
											<OnOff on={isOn} />
											{only && isOn && " the only way in for members"}
										</>,
									],
								}))}
							/>
							<p>Add another:</p>
							{add}
						</>
					)}
				</Section>
				{domains && (
					<Section class="part" id="domains" title="Domains">
						<p class="muted">
							Whoever types an address of yours on the sign-in page, without a password, is led to the provider of its
							domain. That the domain is yours has to be shown first.
						</p>
						{domains.length > 0 && (
							<DataTable
								caption="Domains of this account's e-mail addresses"
								columns={["Domain", "Signs in through", "Verified"]}
								rows={domains.map(({ domain, provider, verifiedAt }) => ({
									key: domain,
									cells: [
										<a class="row-link" href={`${base}/domains/${domain}`}>
											{domain}
										</a>,
										provider === null ? <span class="muted">no provider</span> : <Name text={provider} />,
										verifiedAt === null ? "Not yet" : <Instant at={verifiedAt} now={frame.now} />,
									],
								}))}
							/>
						)}
						<div class="row">
							<LinkButton look="secondary" href={`${base}/new-domain`} label="Add a domain" />
						</div>
					</Section>
				)}
			</>
		),
	});
}

/** `GET …/sign-in/:id/delete` */
export function removeProviderView({
	frame,
	base,
	id,
	name,
}: {
	readonly frame: Frame;
	readonly base: string;
	readonly id: string;
	readonly name: string;
}): string {
	const here = `${base}/${id}`;
	return confirmationView({
		frame,
		title: "Remove this provider?",
		about: name,
		children: (
			<p>
				Nobody comes in through{" "}
				<strong>
					<Name text={name} />
				</strong>{" "}
				any more, and whom it let in is out within 30 seconds. Who is whom there is forgotten: added again, it is
				another provider. Whoever came in by it alone needs another way in.
			</p>
		),
		action: `${here}/delete`,
		confirm: "Remove this provider",
		cancelUrl: here,
	});
}
