import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import type { KeyLimits } from "../../domain/key-limits.ts";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Instant } from "../../ui/instant.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";
import { LimitFields, type LimitValues } from "./limit-fields.tsx";

export interface KeyLimitsProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	/** As they stand there. */
	readonly limits: KeyLimits;
	/** Of a key that may be used so many times. */
	readonly usesLeft: number | null;
	readonly values: LimitValues;
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly errors: FieldErrors<keyof LimitValues>;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

/** Posts `expires`, `networks`, `rate`, `per` and `uses`. */
export function keyLimitsView(props: KeyLimitsProps): string {
	const { frame, key, limits, usesLeft, values, fields, errors, problem } = props;
	const base = keyUrl(frame, key);
	return renderKeyPage({
		frame,
		key,
		tab: "Limits",
		said: { saved: "Saved. They count from the next request on." },
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<p>
					What an access code of this key needs beside being good, wherever it is shown: here, when it logs in, and when
					a service has it verified. Whatever is left empty is not limited.
				</p>
				{frame.permissions.includes("keys:write") ? (
					<FormCard
						action={`${base}/limits`}
						frame={frame}
						fields={fields}
						errors={errors}
						problem={problem}
						submit="Save limits"
						cancel={`${base}/limits`}
					>
						<LimitFields {...{ values, errors, usesLeft }} />
					</FormCard>
				) : (
					<LimitList {...{ limits, usesLeft }} now={frame.now} />
				)}
			</>
		),
	});
}

function LimitList({ limits, usesLeft, now }: Pick<KeyLimitsProps, "limits" | "usesLeft"> & { readonly now: number }) {
	const { expiresAt, networks, rate, uses } = limits;
	return (
		<dl>
			<dt>Ends</dt>
			<dd>{expiresAt === undefined ? "With its access codes" : <Instant at={expiresAt} now={now} />}</dd>
			<dt>Networks</dt>
			<dd>{networks ? networks.join(", ") : "Any"}</dd>
			<dt>Rate</dt>
			<dd>{rate ? `${rate.uses} a ${rate.per}` : "Any"}</dd>
			<dt>Uses</dt>
			<dd>{uses === undefined ? "Any number" : `${uses}, of which ${usesLeft} are left`}</dd>
		</dl>
	);
}
