import type { ComponentChildren } from "preact";
import { Badge, type BadgeProps } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { Instant } from "../../ui/instant.tsx";
import { plainText } from "../../ui/name.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { saidOfCodes } from "./one-time-codes.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { saidOfPassword } from "./my-password.tsx";
import { saidOfPasskeys } from "./passkeys.tsx";

interface ShownSignIn {
	readonly id: string;
	readonly isThis: boolean;
	readonly from: { readonly address: string | null; readonly browser: string } | null;
	readonly authenticatedAt: number;
	readonly expiresAt: number;
}

/** What was noted of somebody's coming and going. */
interface RecentSignIn {
	readonly id: string;
	readonly at: number;
	/** As the audit log has it. */
	readonly action: string;
	readonly address: string | null;
	/** In words; empty where nobody knows. */
	readonly browser: string;
	/** Of one that was refused: what was no good, where that was no password. */
	readonly by: string;
	/** By what they signed in (RFC 8176); null where that was not noted. */
	readonly amr: readonly string[] | null;
}

interface Shown<Row> {
	readonly rows: readonly Row[];
	readonly nextUrl: string | null;
}

export interface SecurityProps {
	readonly frame: ConsoleFrame;
	/** A section for each; null for whoever came in by the provider of the account, to whom they are closed. */
	readonly waysIn: readonly ComponentChildren[] | null;
	readonly signIns: Shown<ShownSignIn>;
	readonly recent: Shown<RecentSignIn>;
}

const said = {
	sign_in: "That browser is signed out.",
	...saidOfPassword,
	provider_linked: "The provider is linked: from now on it can sign you in.",
	provider_unlinked: "The provider can sign you in no more.",
	...saidOfPasskeys,
	seen: "You will be told of wrong passwords that come after those.",
	...saidOfCodes,
};

/** `GET /console/:slug/security` */
export function securityView(props: SecurityProps): string {
	const { frame, waysIn } = props;
	return renderConsolePage({
		frame,
		title: "Sign-in and security",
		said,
		children: (
			<>
				<p class="muted">
					{waysIn
						? "How you get in, and where you are. This is yours alone, the same in every account that you belong to."
						: `You came in by the provider of ${plainText(frame.account.name)}. Your own ways in are open when you sign in by one.`}
				</p>
				{waysIn}
				<Section class="part" id="sign-ins" title="Browsers">
					<SignIns {...props} />
					{waysIn && (
						<p class="row">
							<LinkButton
								look="secondary"
								href={`${securityUrl(frame)}/sign-out-everywhere`}
								label="Sign out everywhere"
							/>
						</p>
					)}
				</Section>
				<Section class="part" id="recent" title="Recent sign-ins">
					<Recent {...props} />
				</Section>
			</>
		),
	});
}

function SignIns({ frame, signIns }: SecurityProps) {
	return (
		<DataTable
			caption="Browsers that are signed in"
			columns={["Browser", "Signed in", "Ends", "Action"]}
			rows={signIns.rows.map(({ id, isThis, from, authenticatedAt, expiresAt }) => ({
				key: id,
				cells: [
					<>
						{from?.browser ?? "A browser"} {isThis && <Badge tone="good" text="This browser" />}
						{from?.address && <span class="muted block">from {from.address}</span>}
					</>,
					<Instant at={authenticatedAt} now={frame.now} />,
					<Instant at={expiresAt} now={frame.now} />,
					<Press
						csrf={frame.csrf}
						action={`${securityUrl(frame)}/sign-ins/${id}/end`}
						label={isThis ? "Sign out here" : "Sign out"}
						about={`: ${from?.browser ?? "a browser"}${from?.address ? ` from ${from.address}` : ""}`}
					/>,
				],
			}))}
			nextUrl={signIns.nextUrl}
		/>
	);
}

// A Map, since an action named `constructor` would find what every object has.
const outcomes = new Map<string, BadgeProps>(
	Object.entries({
		"sign_in.open": { tone: "good", text: "Signed in" },
		"sign_in.end": { tone: "off", text: "Signed out a browser" },
		"sign_in.end_all": { tone: "off", text: "Signed out everywhere" },
		"sign_in.refused": { tone: "warning", text: "Wrong password" },
		"sign_in.limited": { tone: "warning", text: "Failed too often" },
	}),
);

/** Refused by something else than a password. */
const refusals = new Map<string, BadgeProps>([
	["one_time_code", { tone: "warning", text: "Wrong one-time code" }],
	["passkey", { tone: "warning", text: "Passkey refused" }],
]);

function Recent({ frame, recent }: SecurityProps) {
	return (
		<>
			<p class="muted">As the audit log of {plainText(frame.account.name)} has it.</p>
			<DataTable
				caption="Recent sign-ins"
				columns={["What", "Where", "When"]}
				rows={recent.rows.map(({ id, at, action, address, browser, by, amr }) => ({
					key: id,
					cells: [
						<>
							<Badge {...(refusals.get(by) ?? outcomes.get(action) ?? { tone: "off", text: action })} />
							{amr && <span class="muted block">{wayInWords(amr)}</span>}
						</>,
						<>
							{browser}
							{address !== null && <span class="muted block">from {address}</span>}
						</>,
						<Instant at={at} now={frame.now} />,
					],
				}))}
				nextUrl={recent.nextUrl}
			/>
		</>
	);
}

export function signOutEverywhereView({ frame }: { readonly frame: ConsoleFrame }): string {
	return confirmationView({
		frame,
		title: "Sign out everywhere?",
		children: (
			<p>
				Every browser is signed out, this one too, and every login session of your password ends: programs that use one
				have to log in again. What you allowed integrations and applications stays; you can revoke it at{" "}
				<a href={`${frame.base}/my-access`}>your sessions and grants</a>.
			</p>
		),
		action: `${securityUrl(frame)}/sign-out-everywhere`,
		confirm: "Sign out everywhere",
		cancelUrl: securityUrl(frame),
	});
}

function wayInWords(amr: readonly string[]): string {
	if (amr.includes("pop")) return "by a passkey";
	if (amr.includes("otp")) return "by password, and a one-time or recovery code";
	return amr.includes("pwd") ? "by password" : "by a provider";
}

function securityUrl({ base }: ConsoleFrame): string {
	return `${base}/security`;
}
