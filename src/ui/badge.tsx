export interface BadgeProps {
	readonly tone: "good" | "warning" | "off";
	readonly text: string;
}

/** A state in a word or two; its colour only repeats what the word says. */
export function Badge({ tone, text }: BadgeProps) {
	return <span class={`badge ${tone}`}>{text}</span>;
}

/** The state of what can be switched. */
export function OnOff({
	on,
	words = ["Enabled", "Disabled"],
}: {
	readonly on: boolean;
	readonly words?: readonly [string, string];
}) {
	return <Badge tone={on ? "good" : "off"} text={words[on ? 0 : 1]} />;
}
