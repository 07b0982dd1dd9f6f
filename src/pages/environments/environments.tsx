import { OnOff } from "../../ui/badge.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { EmptyState, NextPage } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Switch } from "../../ui/switch.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";

interface ShownEnvironment {
	readonly id: string;
	readonly workspace: string;
	readonly name: string;
	readonly enabled: boolean;
	readonly publicKey: string;
}

export interface EnvironmentsProps {
	readonly frame: ConsoleFrame;
	/** By workspace. */
	readonly environments: readonly ShownEnvironment[];
	readonly nextUrl: string | null;
	readonly mayWrite: boolean;
	/** Where the events of a public key go. */
	readonly eventsUrl: string;
	/** The environment that was switched just now, to be switched back with one press. */
	readonly undo: ShownEnvironment | null;
}

const said = {
	created: "The environment is there. Its public key is good at once.",
	on: "Enabled. Events with its public key are taken again within 30 seconds.",
	off: "Disabled. Events with its public key are refused within 30 seconds.",
	rotated: "The public key was replaced. The new one is good at once; the old one stops working within 30 seconds.",
	used_up: "This environment's key was replaced as often as it can be. Create another environment.",
};

/** `GET /console/:slug/environments` */
export function environmentsView(props: EnvironmentsProps): string {
	const { frame, environments, nextUrl, mayWrite, undo } = props;
	const base = baseOf(frame);
	const workspaces = [...new Set(environments.map(({ workspace }) => workspace))];
	return renderConsolePage({
		frame,
		title: "Environments",
		said,
		actions: mayWrite && environments.length > 0 && <LinkButton href={`${base}/new`} label="Create environment" />,
		children: (
			<>
				{undo && mayWrite && <Undo frame={frame} environment={undo} />}
				<p class="muted">
					An environment is a stage inside a workspace, such as prod or staging. Its public key is no secret: it sends
					events to this one environment, and does nothing else.
				</p>
				{environments.length === 0 && (
					<EmptyState title="No environments yet">
						<p>Each environment gets a public key, with which your programs send events.</p>
						{mayWrite && (
							<p class="row">
								<LinkButton href={`${base}/new`} label="Create the first one" />
							</p>
						)}
					</EmptyState>
				)}
				{workspaces.map((workspace) => (
					<Section
						class="card"
						key={workspace}
						id={`workspace-${workspace}`}
						title={
							<>
								<span class="muted">Workspace</span> {workspace}
							</>
						}
					>
						{environments
							.filter((each) => each.workspace === workspace)
							.map((each) => (
								<OneEnvironment key={each.id} environment={each} {...props} />
							))}
					</Section>
				))}
				<NextPage url={nextUrl} />
			</>
		),
	});
}

function OneEnvironment(props: EnvironmentsProps & { readonly environment: ShownEnvironment }) {
	const { frame, environment, mayWrite, eventsUrl } = props;
	const { id, workspace, name, enabled, publicKey } = environment;
	return (
		<article class="item" aria-labelledby={`name-${id}`}>
			<div class="item-head">
				<h3 id={`name-${id}`}>{name}</h3>
				{mayWrite ? (
					<Switch
						action={switchOf(frame, environment)}
						csrf={frame.csrf}
						on={enabled}
						label={`Environment ${workspace}/${name}`}
					/>
				) : (
					<OnOff on={enabled} />
				)}
			</div>
			<Copyable id={`key-${id}`} text={publicKey} label="Copy public key" />
			<details>
				<summary>Send an event with curl</summary>
				<Copyable id={`curl-${id}`} text={curl(eventsUrl, publicKey)} label="Copy command" />
			</details>
			{mayWrite && (
				<div class="row">
					<LinkButton
						look="secondary small"
						href={`${baseOf(frame)}/${id}/rotate_key`}
						label="Replace public key"
						about={` of ${name}`}
					/>
				</div>
			)}
		</article>
	);
}

/** Takes back what the switch has just done. */
function Undo({ frame, environment }: { readonly frame: ConsoleFrame; readonly environment: ShownEnvironment }) {
	const { name, workspace, enabled } = environment;
	return (
		<Press
			action={switchOf(frame, environment)}
			csrf={frame.csrf}
			fields={{ enabled: enabled ? "off" : "on" }}
			label="Undo"
			about={` (${workspace}/${name})`}
		/>
	);
}

function switchOf(frame: ConsoleFrame, { id }: Pick<ShownEnvironment, "id">): string {
	return `${baseOf(frame)}/${id}/enabled`;
}

export interface NewEnvironmentProps {
	readonly frame: ConsoleFrame;
	/** The id that the environment will have, so that a form sent twice makes one. */
	readonly id: string;
	readonly values: { readonly workspace: string; readonly name: string };
	readonly errors: FieldErrors<"workspace" | "name">;
}

export function newEnvironmentView({ frame, id, values, errors }: NewEnvironmentProps): string {
	return renderConsolePage({
		frame,
		title: "Create environment",
		failed: isWrong(errors),
		children: (
			<FormCard
				action={`${baseOf(frame)}/new`}
				frame={frame}
				fields={{ id }}
				errors={errors}
				submit="Create environment"
				cancel={baseOf(frame)}
			>
				<Field
					name="workspace"
					label="Workspace"
					value={values.workspace}
					hint="What belongs together, such as a product: small letters, digits and hyphens. One that is not there yet is created."
					error={errors.workspace}
				/>
				<Field
					name="name"
					label="Environment"
					value={values.name}
					hint="The stage, such as prod, staging or a branch. It cannot be renamed."
					error={errors.name}
				/>
			</FormCard>
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
		title: "Replace public key?",
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
		fields: { version: String(version) },
	});
}

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/environments`;
}

function curl(eventsUrl: string, publicKey: string): string {
	return `curl ${eventsUrl} -H 'x-api-key: ${publicKey}' -H 'content-type: application/json' -d '{"type":"hello","text":"from curl"}'`;
}
