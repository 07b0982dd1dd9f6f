import { Badge } from "../../ui/badge.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { EmptyState } from "../../ui/empty-state.tsx";
import { ErrorSummary } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { PostForm } from "../../ui/post-form.tsx";

interface ShownEnvironment {
	readonly id: string;
	readonly workspace: string;
	readonly name: string;
	readonly enabled: boolean;
	readonly publicKey: string;
}

export interface EnvironmentsProps {
	readonly frame: ConsoleFrame;
	readonly notice: string | null;
	/** By workspace. */
	readonly environments: readonly ShownEnvironment[];
	readonly nextUrl: string | null;
	readonly mayWrite: boolean;
	/** Where the events of a public key go. */
	readonly eventsUrl: string;
	/** The environment that was switched just now, to be switched back with one press. */
	readonly undo: ShownEnvironment | null;
}

/** `GET /console/:slug/environments` */
export function environmentsView(props: EnvironmentsProps): string {
	const { frame, notice, environments, nextUrl, mayWrite, undo } = props;
	const base = baseOf(frame);
	const workspaces = [...new Set(environments.map(({ workspace }) => workspace))];
	return renderConsolePage({
		frame,
		title: "Environments",
		notice,
		children: (
			<>
				{undo && mayWrite && <Switch frame={frame} environment={undo} label="Undo" />}
				<p class="muted">
					An environment is a stage inside a workspace, such as prod or staging. Its public key is no secret: it sends
					events to this one environment, and does nothing else.
				</p>
				{mayWrite && environments.length > 0 && (
					<p class="row">
						<a class="button" href={`${base}/new`}>
							Make an environment
						</a>
					</p>
				)}
				{environments.length === 0 && (
					<EmptyState title="No environments yet">
						<p>Each environment that you make gets a public key, with which your programs send events.</p>
						{mayWrite ? (
							<p class="row">
								<a class="button" href={`${base}/new`}>
									Make the first one
								</a>
							</p>
						) : (
							<p>An administrator of the account can make one.</p>
						)}
					</EmptyState>
				)}
				{workspaces.map((workspace) => (
					<section class="card" key={workspace} aria-labelledby={`workspace-${workspace}`}>
						<h2 id={`workspace-${workspace}`}>
							<span class="muted">Workspace</span> {workspace}
						</h2>
						{environments
							.filter((each) => each.workspace === workspace)
							.map((each) => (
								<OneEnvironment key={each.id} environment={each} {...props} />
							))}
					</section>
				))}
				{nextUrl !== null && (
					<nav aria-label="Pages">
						<a class="button secondary" href={nextUrl}>
							Next page
						</a>
					</nav>
				)}
			</>
		),
	});
}

function OneEnvironment(props: EnvironmentsProps & { readonly environment: ShownEnvironment }) {
	const { frame, environment, mayWrite, eventsUrl } = props;
	const { id, name, enabled, publicKey } = environment;
	return (
		<article class="item" aria-labelledby={`name-${id}`}>
			<div class="item-head">
				<h3 id={`name-${id}`}>{name}</h3>
				{enabled ? <Badge tone="good" text="On" /> : <Badge tone="off" text="Off: events are refused" />}
			</div>
			<Copyable id={`key-${id}`} text={publicKey} label="Copy public key" />
			<details>
				<summary>Send an event with curl</summary>
				<Copyable id={`curl-${id}`} text={curl(eventsUrl, publicKey)} label="Copy command" />
			</details>
			{mayWrite && (
				<div class="row">
					<Switch frame={frame} environment={environment} label={enabled ? "Switch off" : "Switch on"} />
					<a class="button secondary small" href={`${baseOf(frame)}/${id}/rotate_key`}>
						Replace public key
						<span class="visually-hidden"> of {name}</span>
					</a>
				</div>
			)}
		</article>
	);
}

/** One press, and one more to undo it. */
function Switch(props: {
	readonly frame: ConsoleFrame;
	readonly environment: ShownEnvironment;
	readonly label: string;
}) {
	const { frame, environment, label } = props;
	const { id, name, workspace, enabled } = environment;
	return (
		<PostForm action={`${baseOf(frame)}/${id}/enabled`} csrf={frame.csrf}>
			<input type="hidden" name="enabled" value={enabled ? "off" : "on"} />
			<button type="submit" class="outline secondary small">
				{label}
				<span class="visually-hidden">
					{" "}
					({workspace}/{name})
				</span>
			</button>
		</PostForm>
	);
}

export interface NewEnvironmentProps {
	readonly frame: ConsoleFrame;
	/** The id that the environment will have, so that a form sent twice makes one. */
	readonly id: string;
	readonly values: { readonly workspace: string; readonly name: string };
	readonly errors: { readonly workspace?: string; readonly name?: string };
}

export function newEnvironmentView({ frame, id, values, errors }: NewEnvironmentProps): string {
	const wrong = (["workspace", "name"] as const).flatMap((field) => {
		const message = errors[field];
		return message === undefined ? [] : [{ field, message }];
	});
	return renderConsolePage({
		frame,
		title: "Make an environment",
		notice: null,
		failed: wrong.length > 0,
		children: (
			<div class="card">
				<ErrorSummary errors={wrong} />
				<PostForm action={`${baseOf(frame)}/new`} csrf={frame.csrf}>
					<input type="hidden" name="id" value={id} />
					<Field
						name="workspace"
						label="Workspace"
						type="text"
						autocomplete="off"
						value={values.workspace}
						hint="What belongs together, such as a product: small letters, digits and hyphens. One that is not there yet is made."
						error={errors.workspace ?? null}
					/>
					<Field
						name="name"
						label="Environment"
						type="text"
						autocomplete="off"
						value={values.name}
						hint="The stage, such as prod, staging or a branch. It cannot be renamed."
						error={errors.name ?? null}
					/>
					<div class="row">
						<button type="submit">Make it</button>
						<a class="button secondary" href={baseOf(frame)}>
							Cancel
						</a>
					</div>
				</PostForm>
			</div>
		),
	});
}

export interface ReplaceKeyProps {
	readonly frame: ConsoleFrame;
	readonly environment: ShownEnvironment;
	/** The version of the key that it has, so that a form sent twice replaces one. */
	readonly version: number;
}

export function replaceKeyView({ frame, environment, version }: ReplaceKeyProps): string {
	const { id, workspace, name } = environment;
	return confirmationView({
		frame,
		title: "Replace public key",
		children: (
			<p>
				<strong>
					{workspace}/{name}
				</strong>{" "}
				gets another public key, good at once. The one that it has now stops working within 30 seconds: programs that
				send events with it are refused until they have the new one.
			</p>
		),
		action: `${baseOf(frame)}/${id}/rotate_key`,
		confirm: "Replace the key",
		cancelUrl: baseOf(frame),
		hidden: { version: String(version) },
	});
}

function baseOf({ account }: ConsoleFrame): string {
	return `/console/${account.slug}/environments`;
}

function curl(eventsUrl: string, publicKey: string): string {
	return `curl ${eventsUrl} -H 'x-api-key: ${publicKey}' -H 'content-type: application/json' -d '{"type":"hello","text":"from curl"}'`;
}
