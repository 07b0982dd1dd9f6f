import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";

const said = {
	confirmed: "The domain is confirmed. From now on it counts for this account.",
	removed: "The domain is removed. Whoever it belongs to may show it.",
};

export interface AccountDomainsProps {
	readonly frame: OperatorFrame;
	readonly slug: string;
	readonly domains: readonly {
		readonly domain: string;
		readonly verified: { readonly at: number; readonly by: "dns" | "operator" } | null;
	}[];
	readonly problem: string | null;
}

/** `GET /operator/accounts/:slug/domains` */
export function accountDomainsView({ frame, slug, domains, problem }: AccountDomainsProps): string {
	const base = `/operator/accounts/${slug}`;
	return renderConsolePage({
		frame,
		title: `Domains of ${slug}`,
		said,
		notice: problem,
		failed: problem !== null,
		children: (
			<>
				<p>
					<a href={base}>Back to the account</a>
				</p>
				{domains.length === 0 ? (
					<EmptyState title="It has named no domain">
						<p>Its administrators name the domains of their people's e-mail addresses under Settings, Sign-in.</p>
					</EmptyState>
				) : (
					<>
						<p class="muted">
							Confirm one after you have seen by other means that it is theirs: addresses of it then lead to their
							provider, and are taken for their people's. Remove one that belongs to somebody else by now.
						</p>
						<DataTable
							caption="Domains of this account's e-mail addresses"
							columns={["Domain", "Verified", "Change"]}
							rows={domains.map(({ domain, verified }) => ({
								key: domain,
								cells: [
									domain,
									verified === null ? (
										"Not yet"
									) : (
										<>
											By {verified.by === "dns" ? "DNS" : "an operator"}, <Instant at={verified.at} now={frame.now} />
										</>
									),
									<div class="row">
										{verified === null && (
											<Press
												action={`${base}/domains/${domain}/confirm`}
												csrf={frame.csrf}
												label="Confirm"
												about={` ${domain}`}
											/>
										)}
										<LinkButton
											look="secondary small"
											href={`${base}/domains/${domain}/remove`}
											label="Remove"
											about={` ${domain}`}
										/>
									</div>,
								],
							}))}
						/>
					</>
				)}
			</>
		),
	});
}

/** `GET /operator/accounts/:slug/domains/:domain/remove` */
export function takeBackDomainView(props: {
	readonly frame: OperatorFrame;
	readonly slug: string;
	readonly domain: string;
}): string {
	const { frame, slug, domain } = props;
	const base = `/operator/accounts/${slug}/domains`;
	return confirmationView({
		frame,
		title: "Remove this domain?",
		about: domain,
		children: (
			<p>
				Addresses at <strong>{domain}</strong> lead nobody to a provider of {slug} any more, and nobody becomes a member
				of it by such an address. Whoever the domain belongs to may show it.
			</p>
		),
		action: `${base}/${domain}/remove`,
		confirm: "Remove this domain",
		cancelUrl: base,
	});
}
