import type { RingAlgorithm } from "../../domain/signing-key-ring.ts";
import { Badge } from "../../ui/badge.tsx";
import { DataTable } from "../../ui/data-table.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Instant } from "../../ui/instant.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import type { ProofAgain } from "../../ui/proof-fields.tsx";
import { Section } from "../../ui/section.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { OperatorFrame } from "../frame/frame.ts";

interface Ring {
	readonly algorithm: RingAlgorithm;
	readonly current: { readonly kid: string; readonly since: number };
	readonly next: { readonly kid: string; readonly signsFrom: number };
	readonly previous: readonly { readonly kid: string; readonly goesAt: number }[];
}

export interface SigningKeysProps {
	readonly frame: OperatorFrame;
	readonly rings: readonly Ring[];
	readonly failed: string | null;
}

const said = {
	rotated: "The next key signs now. What the one before it signed is good until its own end.",
	withdrawn: "The key is revoked. What it signed is refused.",
};

/** `GET /operator/signing-keys` */
export function signingKeysView({ frame, rings, failed }: SigningKeysProps): string {
	const base = `${frame.base}/signing-keys`;
	return renderConsolePage({
		frame,
		title: "Signing keys",
		said,
		failed: failed !== null,
		children: (
			<>
				<ErrorSummary errors={{}} problem={failed} />
				<p class="muted">
					What tokens are signed with, by algorithm. Keys take each other's place by themselves; what is below is for
					when that is not soon enough.
				</p>
				{rings.map((ring) => (
					<Section key={ring.algorithm} class="card" id={`ring-${ring.algorithm}`} title={ring.algorithm}>
						<p class="row">
							<LinkButton
								look="secondary"
								href={`${base}/${ring.algorithm}/rotate`}
								label="Rotate now"
								about={` ${ring.algorithm}`}
							/>
						</p>
						<DataTable
							caption={`Keys of ${ring.algorithm}`}
							columns={["Key", "State", "Action"]}
							rows={rowsOf(ring, frame.now).map(({ kid, what }) => ({
								key: kid,
								cells: [
									<code>{kid}</code>,
									what,
									<LinkButton
										look="secondary small"
										href={`${base}/${kid}/withdraw`}
										label="Revoke"
										about={` ${kid}`}
									/>,
								],
							}))}
						/>
					</Section>
				))}
			</>
		),
	});
}

function rowsOf({ current, next, previous }: Ring, now: number) {
	return [
		{
			kid: current.kid,
			what: (
				<>
					<Badge tone="good" text="Signs" /> since <Instant at={current.since} now={now} />
				</>
			),
		},
		{
			kid: next.kid,
			what:
				now >= next.signsFrom ? (
					"Is next, and in every copy of the key set"
				) : (
					<>
						Is next, and in every copy of the key set <Instant at={next.signsFrom} now={now} />
					</>
				),
		},
		...previous.map(({ kid, goesAt }) => ({
			kid,
			what: (
				<>
					Signed before, and goes <Instant at={goesAt} now={now} />
				</>
			),
		})),
	];
}

export interface RotateKeyProps {
	readonly frame: OperatorFrame;
	readonly ring: Ring;
	readonly proof: ProofAgain | null;
}

export function rotateKeyView({ frame, ring, proof }: RotateKeyProps): string {
	const base = `${frame.base}/signing-keys`;
	return confirmationView({
		frame,
		title: "Rotate now",
		proof,
		children: (
			<>
				<p>
					<code>{ring.next.kid}</code> signs with {ring.algorithm} from now on, and another key is published to come
					after it.
				</p>
				<p>
					Nothing ends: <code>{ring.current.kid}</code> stays in the key set until nothing that it signed is good any
					more. If somebody stole it, revoke it instead.
				</p>
			</>
		),
		action: `${base}/${ring.algorithm}/rotate`,
		confirm: "Rotate now",
		cancelUrl: base,
	});
}

export interface WithdrawKeyProps extends RotateKeyProps {
	readonly kid: string;
	readonly hereSeconds: number;
	readonly elsewhereMinutes: number;
}

export function withdrawKeyView(props: WithdrawKeyProps): string {
	const { frame, ring, kid, hereSeconds, elsewhereMinutes, proof } = props;
	const base = `${frame.base}/signing-keys`;
	const isCurrent = ring.current.kid === kid;
	return confirmationView({
		frame,
		title: "Revoke a signing key?",
		proof,
		children: (
			<>
				<p>
					<code>{kid}</code> ({ring.algorithm}) is published no more, for good.
					{isCurrent && " The next key signs in its place."}
				</p>
				<p>
					latchkey refuses what it signed: at once where this is done, within {hereSeconds} seconds at other edges. A
					server that verifies by the published keys alone goes on until its copy of the key set ends:{" "}
					{elsewhereMinutes} minutes, unless it keeps one for longer than it should.
				</p>
				<p>
					Nobody loses what they were granted: a refresh or a login gives another token.
					{isCurrent && " Applications have to do that now."}
				</p>
			</>
		),
		action: `${base}/${kid}/withdraw`,
		confirm: "Revoke this key",
		cancelUrl: base,
	});
}
