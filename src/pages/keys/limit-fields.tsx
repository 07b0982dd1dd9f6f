import type { KeyRate } from "../../domain/key-limits.ts";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field, SelectField } from "../../ui/field.tsx";
import { useFilledFields } from "../../ui/filled-form.ts";

/** As they are typed. */
export interface LimitValues {
	readonly expires: string;
	readonly networks: string;
	readonly rate: string;
	readonly per: string;
	readonly uses: string;
}

const periods = ["minute", "hour", "day"] as const satisfies readonly KeyRate["per"][];

export interface LimitFieldsProps {
	readonly values: LimitValues;
	readonly errors: FieldErrors<keyof LimitValues>;
	/** Of a key that may be used so many times. */
	readonly usesLeft: number | null;
}

/** What the use of a key is limited to. Posts `expires`, `networks`, `rate`, `per` and `uses`. */
export function LimitFields({ values, errors, usesLeft }: LimitFieldsProps) {
	return (
		<>
			<Field
				name="expires"
				type="date"
				label="Last day (optional)"
				required={false}
				value={values.expires}
				hint="The key ends with this day (UTC), though its access codes would be good for longer."
				error={errors.expires}
			/>
			<Field
				name="networks"
				type="multiline"
				label="Networks (optional)"
				required={false}
				value={values.networks}
				hint="Where it may be used from, one a line: 192.0.2.0/24, 2001:db8::/32 or an address; at most 20. A service that has it verified has to say where it came from."
				error={errors.networks}
			/>
			<Field
				name="rate"
				keys="numeric"
				label="Rate (optional)"
				required={false}
				value={values.rate}
				hint="How many times it may be used in a minute, an hour or a day."
				error={errors.rate}
			/>
			<SelectField
				name="per"
				label="Counted by the"
				options={periods.map((each) => ({ value: each, label: each }))}
				chosen={values.per}
			/>
			<Field
				name="uses"
				keys="numeric"
				label="Uses (optional)"
				required={false}
				value={values.uses}
				hint={
					usesLeft === null
						? "How many times it may be used, from now on."
						: `${usesLeft} left. Another number begins to count anew.`
				}
				error={errors.uses}
			/>
		</>
	);
}

/** The same for a key that is to be created: folded away, as most have none, unless something is said in them. */
export function FoldedLimitFields({ values, errors }: Omit<LimitFieldsProps, "usesLeft">) {
	const filled = useFilledFields();
	const { per: _, ...said } = values;
	const isSaid = Object.entries(said).some(([name, value]) => (filled?.get(name) ?? value) !== "");
	return (
		<details class="more" open={isSaid || isWrong(errors)}>
			<summary>Limits (optional)</summary>
			<p class="muted">When it ends, where it may be used from, and how often. They can be set and changed later.</p>
			<LimitFields values={values} errors={errors} usesLeft={null} />
		</details>
	);
}
