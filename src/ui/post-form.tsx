import type { ComponentChildren } from "preact";

export interface PostFormProps {
	readonly action: string;
	readonly csrf: string;
	readonly class?: string;
	/** Whether it has a file in it. */
	readonly multipart?: boolean;
	readonly children: ComponentChildren;
}

/** A form of the console. Each carries the token that says that it is ours. */
export function PostForm({ action, csrf, children, multipart = false, ...rest }: PostFormProps) {
	return (
		<form method="post" action={action} class={rest.class} enctype={multipart ? "multipart/form-data" : undefined}>
			<input type="hidden" name="csrf" value={csrf} />
			{children}
		</form>
	);
}
