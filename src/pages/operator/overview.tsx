import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";
import type { DeploymentCounts } from "../../domain/ports/operators.ts";

export interface OverviewProps {
	readonly frame: OperatorFrame;
	readonly counts: DeploymentCounts;
	readonly issuer: string;
}

/** `GET /operator` */
export function overviewView({ frame, counts, issuer }: OverviewProps): string {
	return renderConsolePage({
		frame,
		title: "The deployment",
		children: (
			<div class="card">
				<p>
					<code>{issuer}</code>
				</p>
				<dl>
					{Object.entries(words).map(([name, label]) => (
						<div key={name}>
							<dt>{label}</dt>
							<dd>{counts[name as keyof DeploymentCounts].toLocaleString("en")}</dd>
						</div>
					))}
				</dl>
				<p class="muted aside">
					What has ended is not counted. An operator sees accounts and clients, and no secret; in an account they may do
					what their membership of it lets them.
				</p>
			</div>
		),
	});
}

const words: Readonly<Record<keyof DeploymentCounts, string>> = {
	accounts: "Accounts",
	people: "People",
	clients: "Integrations and applications",
	keys: "API keys",
	apis: "APIs beside latchkey’s own",
};
