import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { CodeBlock, Copyable, DownloadLink } from "../../ui/copyable.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import { type ProofAgain, ProofAgainFields } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";

export interface ApiAccessProps {
	readonly frame: ConsoleFrame;
	/** `…/api/v4/organizations/<slug>/` */
	readonly baseUrl: string;
	readonly refreshUrl: string;
	readonly hours: number;
	/** What makes two submits of the form one. */
	readonly nonce: string;
	readonly values: { readonly name: string; readonly days: string };
	/** In how many days they can end, before the longest. */
	readonly days: readonly number[];
	readonly longest: number;
	/** What is wrong with the name, or null. */
	readonly nameError: string | null;
	/** Why no tokens were made, or null. */
	readonly error: string | null;
	readonly proof: ProofAgain | null;
}

/** `GET /console/:slug/api-access` (contract 002, "API Access page"). */
export function apiAccessView(props: ApiAccessProps): string {
	const { frame, baseUrl, refreshUrl, hours, nonce, values, days, longest, nameError, error, proof } = props;
	const ends = [...days, longest].map((each) => ({
		value: String(each),
		label: each === 1 ? "1 day" : `${each} days`,
	}));
	const isChosen = ends.some(({ value }) => value === values.days);
	return renderConsolePage({
		frame,
		title: "API access",
		failed: error !== null || nameError !== null || (proof?.error ?? null) !== null,
		children: (
			<>
				<ErrorSummary problem={error} errors={{ name: nameError, password: proof?.error }} />
				<Section class="card" id="base-heading" title="Base URL">
					<Copyable id="base-url" text={baseUrl} label="Copy base URL" />
					<p class="hint">Every address of this account's API begins with it.</p>
				</Section>
				<Section class="card" id="tokens-heading" title="Tokens">
					<p>
						You get three pairs of an access and a refresh token, in your name and for this account: one to read, one to
						write and one to delete. None can do what another is for. They can do only what your role in this account
						may, and less as soon as it may less.
						{!mayWrite(frame) && " Your role reads: your write and delete tokens open nothing now."}
					</p>
					<p>The pairs that you generated before go on working. You can revoke them under My sessions and grants.</p>
					<PostForm action={`${frame.base}/api-access`} csrf={frame.csrf} fields={{ id: nonce }}>
						<Field
							name="name"
							label="Name (optional)"
							required={false}
							value={values.name}
							hint="What you will know them by under My sessions and grants: the program that they are for."
							error={nameError}
						/>
						<SelectField
							name="days"
							label="End after"
							hint="However often they are refreshed until then."
							options={ends}
							chosen={isChosen ? values.days : String(longest)}
						/>
						<ProofAgainFields proof={proof} />
						<button type="submit">Generate Tokens</button>
					</PostForm>
				</Section>
				<Expiry refreshUrl={refreshUrl} refreshToken="<REFRESH_TOKEN>" hours={hours} />
				<FirstRequest baseUrl={baseUrl} token="<WRITE_ACCESS_TOKEN>" />
			</>
		),
	});
}

interface ShownPair {
	readonly scope: string;
	readonly accessToken: string;
	readonly refreshToken: string;
}

export interface GeneratedTokensProps extends Pick<ApiAccessProps, "frame" | "baseUrl" | "refreshUrl" | "hours"> {
	readonly pairs: readonly ShownPair[];
	/** All of them, as JSON text. */
	readonly file: string;
}

/** The tokens, the one time that they are shown. */
export function generatedTokensView(props: GeneratedTokensProps): string {
	const { frame, baseUrl, refreshUrl, hours, pairs, file } = props;
	const write = pairs.find(({ scope }) => scope === "write");
	return renderConsolePage({
		frame,
		title: "Your tokens",
		notice: "Copy or download the tokens now: they are shown this once, and nobody can look them up later.",
		children: (
			<>
				<div class="row">
					<DownloadLink fileName={`tokens-${frame.account.slug}.json`} text={file} label="Download as .json" />
					<LinkButton look="secondary small" href={`${frame.base}/api-access`} label="I have kept them" />
				</div>
				{pairs.map(({ scope, accessToken, refreshToken }) => (
					<Section key={scope} class="card" id={`${scope}-heading`} title={titles[scope] ?? scope}>
						<p>{uses[scope]}</p>
						<h3>Access token</h3>
						<Copyable id={`${scope}-access`} text={accessToken} label={`Copy ${scope} access token`} />
						<h3>Refresh token</h3>
						<Copyable id={`${scope}-refresh`} text={refreshToken} label={`Copy ${scope} refresh token`} />
					</Section>
				))}
				<Expiry refreshUrl={refreshUrl} refreshToken="<REFRESH_TOKEN>" hours={hours} />
				<FirstRequest baseUrl={baseUrl} token={write?.accessToken ?? "<WRITE_ACCESS_TOKEN>"} />
			</>
		),
	});
}

const titles: Readonly<Record<string, string>> = { read: "Read", write: "Write", delete: "Delete" };

const uses: Readonly<Record<string, string>> = {
	read: "Sees what there is, and changes nothing.",
	write: "Makes and changes things. It neither reads nor deletes.",
	delete: "Deletes things. Keep it apart: what it deletes is gone.",
};

function mayWrite({ permissions }: ConsoleFrame): boolean {
	return permissions.some((permission) => permission.endsWith(":write"));
}

function Expiry({ refreshUrl, refreshToken, hours }: { refreshUrl: string; refreshToken: string; hours: number }) {
	return (
		<Section class="card" id="expiry-heading" title="When a token expires">
			<p>
				An access token is good for {hours === 1 ? "1 hour" : `${hours} hours`}. After that the answer is 401 with{" "}
				<code>{'{ "error": "Authorization token is expired" }'}</code>. Then get the next pair with the refresh token:
			</p>
			<CodeBlock
				id="refresh-curl"
				text={`curl --request POST '${refreshUrl}' \\
--header 'Content-Type: application/json' \\
--data '{ "refresh_token": "${refreshToken}" }'`}
				label="Copy refresh command"
			/>
			<p class="hint">
				Each refresh replaces the refresh token, so keep the one of the answer. If a replaced one is used again later,
				its pair ends: somebody may have copied it.
			</p>
		</Section>
	);
}

/** Contract 002, step 3: its curl, filled in. */
function FirstRequest({ baseUrl, token }: { baseUrl: string; token: string }) {
	return (
		<Section class="card" id="first-heading" title="Your first request">
			<p>This puts a change event into the account, with the write token:</p>
			<CodeBlock
				id="first-curl"
				text={`curl --location --request PUT '${baseUrl}change_events' \\
--header 'X-LAST9-API-TOKEN: Bearer ${token}' \\
--header 'Content-Type: application/json' \\
--data '{
  "timestamp": "2024-01-15T17:57:22+05:30",
  "event_name": "new_deployment",
  "event_state": "start",
  "attributes": {
    "env": "production",
    "k8s_cluster": "prod-us-east-1",
    "app": "backend-api"
  }
}'`}
				label="Copy request"
			/>
			<p class="hint">
				The answer is 200 with <code>{'{ "message": "success" }'}</code>.
			</p>
		</Section>
	);
}
