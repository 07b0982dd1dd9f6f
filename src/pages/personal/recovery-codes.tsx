import { CodeBlock, DownloadLink } from "../../ui/copyable.tsx";
import { Instant } from "../../ui/instant.tsx";
import { StrongName } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { ProofFields, type WaysToProve } from "../../ui/proof-fields.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

interface CodesState {
	readonly left: number;
	readonly madeAt: number | null;
}

/** How many there are, in a sentence. */
function CodesLeft({ codes, now }: { readonly codes: CodesState; readonly now: number }) {
	if (codes.madeAt === null) {
		return <p>You have none. Should you lose every other way in, somebody else has to let you in.</p>;
	}
	return (
		<p>
			You have <strong>{codes.left === 1 ? "1 code" : `${codes.left} codes`}</strong> left of those that you created{" "}
			<Instant at={codes.madeAt} now={now} />.
		</p>
	);
}

/** Of the page of sign-in and security. */
export function RecoveryCodesSection({ frame, codes }: { readonly frame: ConsoleFrame; readonly codes: CodesState }) {
	return (
		<Section class="card" id="recovery-codes" title="Recovery codes">
			<CodesLeft codes={codes} now={frame.now} />
			<div class="row">
				<LinkButton
					look="secondary"
					href={`${frame.base}/security/recovery-codes`}
					label={codes.madeAt === null ? "Create recovery codes" : "Create new ones"}
				/>
			</div>
		</Section>
	);
}

export interface RecoveryCodesProps {
	readonly frame: ConsoleFrame;
	readonly codes: CodesState;
	/** Of the form: sent twice it makes the same ones. */
	readonly nonce: string;
	readonly ways: WaysToProve;
	readonly error: string | null;
}

/** `GET …/security/recovery-codes` */
export function recoveryCodesView({ frame, codes, nonce, ways, error }: RecoveryCodesProps): string {
	return renderConsolePage({
		frame,
		title: "Recovery codes",
		failed: error !== null,
		children: (
			<FormCard
				action={`${frame.base}/security/recovery-codes`}
				frame={frame}
				fields={{ nonce }}
				errors={{ password: error }}
				submit={codes.madeAt === null ? "Create ten codes" : "Create ten new codes"}
				cancel={`${frame.base}/security`}
				intro={
					<>
						<CodesLeft codes={codes} now={frame.now} />
						<p>
							Each lets you set a new way in, a password or a passkey, once, with your user name and nothing else; or it
							stands in the place of a one-time code, where you have those on. They are shown this one time. Those that
							you had before end.
						</p>
					</>
				}
			>
				<ProofFields ways={ways} hint="Asked for again, because each code is as good as it." error={error} />
			</FormCard>
		),
	});
}

export interface NewCodesProps {
	readonly frame: ConsoleFrame;
	readonly codes: readonly string[];
	readonly issuer: string;
	/** What was done with it. */
	readonly lead?: string;
}

/** Answered to the form itself: they are on no page again. */
export function newCodesView({ frame, codes, issuer, lead }: NewCodesProps): string {
	const { username } = frame.person;
	const lines = codes.join("\n");
	const text = `Recovery codes of ${username} at ${issuer}\nEach is good once, at ${issuer}/recover or in the place of a one-time code\n\n${lines}\n`;
	return renderConsolePage({
		frame,
		title: "Your recovery codes",
		children: (
			<div class="card">
				{lead !== undefined && <p>{lead}</p>}
				<p>
					Print them, or keep them where you keep other keys: not in this browser alone. They are for the user name{" "}
					<StrongName text={username} /> at <code>{issuer}/recover</code>, and for where a one-time code is asked for;
					they are shown only now.
				</p>
				<CodeBlock id="codes" text={lines} label="Copy codes" />
				<div class="row">
					<DownloadLink label="Download .txt" fileName="latchkey-recovery-codes.txt" text={text} />
					<button type="button" class="outline secondary small" data-print hidden>
						Print
					</button>
				</div>
				<p class="muted">
					With your next password, and when you remove it, they end. Each that you use ends by itself, and the others
					stay.
				</p>
				<div class="row">
					<LinkButton href={`${frame.base}/security`} label="I have kept them" />
				</div>
			</div>
		),
	});
}
