import type { ComponentChildren } from "preact";
import { ErrorSummary, type FieldErrors } from "../../ui/error-summary.tsx";
import { LinkButton, PostForm } from "../../ui/post-form.tsx";
import type { Frame } from "./frame.ts";

export interface FormCardProps {
	readonly frame: Frame;
	readonly action: string;
	/** What else it sends that nobody fills in. */
	readonly fields?: Readonly<Record<string, string>> | undefined;
	/** In the order of the fields. */
	readonly errors: FieldErrors;
	/** What no single field is to blame for. */
	readonly problem?: string | null;
	readonly submit: string;
	readonly cancel: string;
	readonly multipart?: boolean;
	/** Above the form. */
	readonly intro?: ComponentChildren;
	readonly children: ComponentChildren;
}

/** A form of the console: what is wrong with it, its fields, and the two ways out. */
export function FormCard(props: FormCardProps) {
	const {
		frame,
		action,
		fields = {},
		errors,
		problem = null,
		submit,
		cancel,
		multipart = false,
		intro,
		children,
	} = props;
	return (
		<div class="card">
			<ErrorSummary errors={errors} problem={problem} />
			{intro}
			<PostForm action={action} csrf={frame.csrf} fields={fields} multipart={multipart}>
				{children}
				<div class="row">
					<button type="submit">{submit}</button>
					<LinkButton look="secondary" href={cancel} label="Cancel" />
				</div>
			</PostForm>
		</div>
	);
}
