import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Section } from "../../ui/section.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { Usage, type UsageProps } from "../frame/usage.tsx";

export interface OverviewProps {
	readonly frame: ConsoleFrame;
	readonly usage: UsageProps;
	/** The latest that nobody has acknowledged. */
	readonly alerts: readonly ShownAlert[];
	/** Access codes that end within a month, the latest warning first. */
	readonly expiring: readonly (ShownAlert & { readonly url: string })[];
}

interface ShownAlert {
	readonly id: string;
	readonly title: string;
	readonly what: string;
	readonly lastAt: number;
}

/** `GET /console/:slug` */
export function overviewView({ frame, usage, alerts, expiring }: OverviewProps): string {
	return renderConsolePage({
		frame,
		title: "Overview",
		children: (
			<>
				<Usage usage={usage} of={["sign_in", "login", "token", "check"]} />
				<Section class="part" id="alerts-heading" title="New alerts">
					{alerts.length === 0 ? (
						<p class="muted">None: all is quiet.</p>
					) : (
						<DataTable
							caption="New alerts, the latest first"
							columns={["Alert", "When"]}
							rows={alerts.map(({ id, title, what, lastAt }) => ({
								key: id,
								cells: [
									<span>
										<Badge tone="warning" text={title} />
										<span class="block">
											<bdi>{what}</bdi>
										</span>
									</span>,
									<Instant at={lastAt} now={frame.now} />,
								],
							}))}
						/>
					)}
					<p>
						<a href={`${frame.base}/alerts`}>
							{frame.newAlerts > alerts.length ? `All ${frame.newAlerts} new alerts` : "All alerts"}
						</a>
					</p>
				</Section>
				{expiring.length > 0 && (
					<Section class="part" id="expiring-heading" title="Expiring">
						<ul class="plain">
							{expiring.map(({ id, what, url }) => (
								<li key={id}>
									<a href={url}>
										<bdi>{what}</bdi>
									</a>
								</li>
							))}
						</ul>
					</Section>
				)}
			</>
		),
	});
}
