/** Fields of a form that nobody fills in. */
export function HiddenFields({ fields }: { readonly fields: Readonly<Record<string, string>> }) {
	return (
		<>
			{Object.entries(fields).map(([name, value]) => (
				<input type="hidden" name={name} value={value} key={name} />
			))}
		</>
	);
}
