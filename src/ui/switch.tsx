import { plainText } from "./name.tsx";
import { PostForm, type PostFormProps } from "./post-form.tsx";

export interface SwitchProps extends Pick<PostFormProps, "action" | "csrf"> {
	/** What it switches, for who does not see where it stands: "Access code of the night shift". */
	readonly label: string;
	readonly on: boolean;
}

/** One press enables or disables what it stands beside. Posts `enabled` (`on` or `off`). */
export function Switch({ label, on, ...form }: SwitchProps) {
	return (
		<PostForm {...form} fields={{ enabled: on ? "off" : "on" }} class="switch">
			<button type="submit" role="switch" aria-checked={on} aria-label={plainText(label)}>
				<span aria-hidden="true">{on ? "Enabled" : "Disabled"}</span>
			</button>
		</PostForm>
	);
}
