import type { Finding } from "../../domain/provider-check.ts";
import { DataTable } from "../../ui/data-table.tsx";
import { Badge } from "../../ui/badge.tsx";
import { Name, plainText } from "../../ui/name.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { Frame } from "../frame/frame.ts";

export interface ProviderTestProps {
	readonly frame: Frame;
	/** Where the list is. */
	readonly base: string;
	readonly id: string;
	readonly name: string;
	readonly findings: readonly Finding[];
}

/** `POST …/sign-in/:id/test` */
export function providerTestView({ frame, base, id, name, findings }: ProviderTestProps): string {
	const isWrong = findings.some(({ verdict }) => verdict === "wrong");
	return renderConsolePage({
		frame,
		title: `Test of ${plainText(name)}`,
		children: (
			<>
				<p>
					{isWrong
						? "Nobody can sign in through it as it is now. What is wrong stands below."
						: "What it says of itself is as it should be. Whether it knows latchkey, its secret and its redirect URI shows when somebody signs in."}
				</p>
				<DataTable
					caption="What was looked at"
					columns={["Part", "Verdict", "What was found"]}
					rows={findings.map(({ about, verdict, detail }, index) => ({
						key: String(index),
						cells: [parts[about], <Badge tone={tones[verdict]} text={verdicts[verdict]} />, <Name text={detail} />],
					}))}
				/>
				<div class="row">
					<PostForm action={`${base}/${id}/test`} csrf={frame.csrf}>
						<button type="submit">Test it again</button>
					</PostForm>
					<LinkButton look="secondary" href={`${base}/${id}`} label="Back to the provider" />
				</div>
			</>
		),
	});
}

const parts: Readonly<Record<Finding["about"], string>> = {
	discovery: "Discovery",
	issuer: "Issuer",
	endpoints: "Endpoints",
	client_auth: "How the secret is sent",
	pkce: "PKCE",
	flow: "Codes",
	scopes: "Scopes",
	keys: "Keys",
	sign_out: "Signing out",
};

const verdicts = { right: "Right", wrong: "Wrong", note: "Note" };
const tones = { right: "good", wrong: "warning", note: "off" } as const;
