import type { ComponentChildren } from "preact";

export interface PostFormProps {
	readonly action: string;
	readonly csrf: string;
	readonly class?: string;
	readonly children: ComponentChildren;
}

/** A form of the console. Each carries the token that says that it is ours. */
export function PostForm({ action, csrf, children, ...rest }: PostFormProps) {
	return (
		<form method="post" action={action} class={rest.class}>
			<input type="hidden" name="csrf" value={csrf} />
			{children}
		</form>
	);
}
