import type { DeliveryState, WebhookDelivery, WebhookEndpoint } from "../../domain/webhook.ts";
import { Badge, OnOff } from "../../ui/badge.tsx";
import { Choices, RadioChoices } from "../../ui/choices.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { DataTable, EmptyState } from "../../ui/data-table.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Field } from "../../ui/field.tsx";
import { Instant } from "../../ui/instant.tsx";
import { ListControls, type ListControlsProps, NothingFound } from "../../ui/list-controls.tsx";
import { Name, plainText, StrongName } from "../../ui/name.tsx";
import { LinkButton, Press } from "../../ui/post-form.tsx";
import { confirmationView } from "../frame/confirmation.tsx";
import { renderConsolePage } from "../frame/console-frame.tsx";
import { FormCard } from "../frame/form-card.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { SettingsTabs } from "../frame/settings-tabs.tsx";

const said = {
	saved: "Saved. It is seen everywhere within 30 seconds.",
	deleted: "The endpoint was deleted. Nothing is sent there any more.",
	sent: "It is on its way. This page says what became of it when you load it again.",
};

interface OfEndpoint {
	readonly frame: ConsoleFrame;
	readonly endpoint: WebhookEndpoint;
}

/** `GET /console/:slug/settings/webhooks` */
export function webhooksView({
	frame,
	endpoints,
}: {
	readonly frame: ConsoleFrame;
	readonly endpoints: readonly WebhookEndpoint[];
}): string {
	const base = baseOf(frame);
	const add = <LinkButton href={`${base}/new`} label="Add endpoint" />;
	return renderConsolePage({
		frame,
		title: "Settings",
		tab: "Webhooks",
		actions: endpoints.length > 0 && add,
		said,
		children: (
			<>
				<SettingsTabs frame={frame} current="Webhooks" />
				{endpoints.length === 0 ? (
					<EmptyState title="Nobody is told yet">
						<p>
							A server of yours can be told of what happens in this account: a key that is about to expire, a refresh
							token that came back, an integration that somebody installed.
						</p>
						{add}
					</EmptyState>
				) : (
					<DataTable
						caption="Endpoints that this account's events are sent to"
						columns={["Endpoint", "Description", "Events", "State"]}
						rows={endpoints.map((endpoint) => ({
							key: endpoint.id,
							cells: [
								<a class="row-link" href={`${base}/${endpoint.id}/log`}>
									{endpoint.url}
								</a>,
								endpoint.description !== "" && <Name text={endpoint.description} />,
								inShort(endpoint.eventTypes),
								<State endpoint={endpoint} />,
							],
						}))}
					/>
				)}
			</>
		),
	});
}

/** A few are named, of many it is said how many they are. */
function inShort(types: WebhookEndpoint["eventTypes"]): string {
	if (types === null) return "All";
	return types.length > 3 ? `${types.length} types` : types.join(", ");
}

function State({ endpoint: { state, disabledFor } }: Pick<OfEndpoint, "endpoint">) {
	if (disabledFor !== null) return <Badge tone="warning" text={disabledFor === "gone" ? "Gone" : "Failing"} />;
	return <OnOff on={state === "on"} />;
}

export interface WebhookFormValues {
	readonly url: string;
	readonly description: string;
	readonly which: string;
	readonly events: readonly string[];
	readonly state: string;
}

export interface WebhookFormProps {
	readonly frame: ConsoleFrame;
	/** Null for a new one. */
	readonly endpoint: WebhookEndpoint | null;
	readonly fields: Readonly<Record<string, string>>;
	readonly values: WebhookFormValues;
	readonly errors: FieldErrors;
	/** What can be chosen. */
	readonly events: readonly { readonly type: string; readonly says: string }[];
	readonly problem?: string | null;
}

/** `GET …/webhooks/new`, `GET …/webhooks/:id` */
export function webhookFormView(props: WebhookFormProps): string {
	const { frame, endpoint, fields, values, errors, events, problem = null } = props;
	const base = baseOf(frame);
	const here = endpoint && `${base}/${endpoint.id}`;
	return renderConsolePage({
		frame,
		title: endpoint === null ? "Add endpoint" : "Edit endpoint",
		about: endpoint === null ? undefined : nameOf(endpoint),
		said,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<FormCard
					action={here ?? `${base}/new`}
					frame={frame}
					fields={fields}
					errors={errors}
					problem={problem}
					submit={endpoint === null ? "Add endpoint" : "Save"}
					cancel={here === null ? base : `${here}/log`}
					intro={<p class="muted">Events are sent by POST, signed as the Standard Webhooks specification says.</p>}
				>
					<Field
						name="url"
						label="URL"
						keys="url"
						value={values.url}
						hint="An https URL of yours. Redirects are not followed."
						error={errors.url}
					/>
					<Field
						name="description"
						label="Description"
						required={false}
						value={values.description}
						error={errors.description}
					/>
					<RadioChoices
						legend="Events"
						name="which"
						options={[
							{ value: "all", label: "All events", hint: "Those that come later too." },
							{ value: "chosen", label: "Those that I choose", hint: "" },
						]}
						chosen={values.which}
						error={errors.which}
					/>
					<Choices
						legend="Chosen events"
						name="events"
						options={events.map(({ type, says }) => ({ value: type, label: type, hint: says }))}
						chosen={values.events}
						error={errors.events}
					/>
					{endpoint !== null && (
						<RadioChoices
							legend="State"
							name="state"
							options={[
								{ value: "on", label: "Enabled", hint: "" },
								{
									value: "off",
									label: "Disabled",
									hint: "Nothing is sent, and what happens meanwhile is not told later.",
								},
							]}
							chosen={values.state}
							error={errors.state}
						/>
					)}
				</FormCard>
				{here !== null && (
					<div class="row">
						<LinkButton look="secondary" href={`${here}/secret`} label="Replace secret" />
						<LinkButton look="secondary" href={`${here}/delete`} label="Delete endpoint" />
					</div>
				)}
			</>
		),
	});
}

/** A secret, the one time that it is shown. */
export function webhookSecretView({ frame, endpoint, secret }: OfEndpoint & { readonly secret: string }): string {
	return renderConsolePage({
		frame,
		title: "Signing secret",
		about: nameOf(endpoint),
		notice: "Copy the secret now: it is shown this once, and nobody can look it up later.",
		children: (
			<div class="card">
				<p>
					With it the server of <StrongName text={nameOf(endpoint)} /> verifies that an event comes from here, by any
					library of Standard Webhooks.
					{endpoint.previous !== null && " The one of before signs too for 24 hours."}
				</p>
				<Copyable id="webhook-secret" text={secret} label="Copy signing secret" />
				<div class="row">
					<LinkButton href={`${baseOf(frame)}/${endpoint.id}/log`} label="I have kept it" />
				</div>
			</div>
		),
	});
}

interface LogProps extends OfEndpoint {
	readonly now: number;
	/** Their words. */
	readonly states: Readonly<Record<DeliveryState, string>>;
	readonly deliveries: readonly WebhookDelivery[];
	readonly controls: ListControlsProps;
	readonly isNarrowed: boolean;
	readonly nextUrl: string | null;
	readonly previousUrl: string | null;
}

const tones = { waiting: "off", delivered: "good", failed: "warning" } as const;

/** `GET …/webhooks/:id/log` */
export function webhookLogView(props: LogProps): string {
	const { frame, endpoint, now, states, deliveries, controls, isNarrowed, nextUrl, previousUrl } = props;
	const here = `${baseOf(frame)}/${endpoint.id}`;
	const mayWrite = frame.permissions.includes("webhooks:write");
	return renderConsolePage({
		frame,
		title: nameOf(endpoint),
		said,
		children: (
			<>
				<p>
					<State endpoint={endpoint} /> {endpoint.url}
				</p>
				{endpoint.disabledFor !== null && (
					<p>
						{endpoint.disabledFor === "gone" ? "It answered 410 Gone. " : "Nothing came through for three days. "}
						Once it is put right, enable it under Edit, and send again what it missed.
					</p>
				)}
				{mayWrite && (
					<div class="row">
						<LinkButton look="secondary" href={here} label="Edit" />
						{endpoint.state === "on" && <Press action={`${here}/test`} csrf={frame.csrf} label="Send a test event" />}
					</div>
				)}
				{deliveries.length === 0 && !isNarrowed ? (
					<EmptyState title="Nothing was sent yet">
						<p>What is sent here, and what became of it, stands here for 30 days.</p>
					</EmptyState>
				) : (
					<>
						<ListControls {...controls} />
						{deliveries.length === 0 ? (
							<NothingFound nextUrl={nextUrl} previousUrl={previousUrl} isAsked={!isWrong(controls.errors)} />
						) : (
							<DataTable
								caption="What was sent, newest first"
								columns={["Event", "Made", "State", "Last try", "Action"]}
								nextUrl={nextUrl}
								previousUrl={previousUrl}
								rows={deliveries.map((delivery) => ({
									key: delivery.id,
									cells: [
										<details>
											<summary>{delivery.type}</summary>
											<p class="muted">{delivery.id}</p>
											<div class="code-block">
												<code>{delivery.body}</code>
											</div>
										</details>,
										<Instant at={delivery.createdAt} now={now} />,
										<Badge tone={tones[delivery.state]} text={states[delivery.state]} />,
										<LastTry delivery={delivery} now={now} />,
										mayWrite && delivery.state !== "waiting" && endpoint.state === "on" && (
											<Press
												action={`${here}/log/${delivery.id}/send`}
												csrf={frame.csrf}
												label="Send again"
												about={` ${delivery.type}`}
											/>
										),
									],
								}))}
							/>
						)}
					</>
				)}
			</>
		),
	});
}

function LastTry({
	delivery: { last, tries, nextAt },
	now,
}: {
	readonly delivery: WebhookDelivery;
	readonly now: number;
}) {
	if (last === null) return <>Not tried yet</>;
	return (
		<>
			{last.reason} (try {tries}), <Instant at={last.at} now={now} />
			{nextAt !== null && (
				<span class="muted block">
					Next: <Instant at={nextAt} now={now} />
				</span>
			)}
			{last.excerpt !== "" && <span class="muted block">{last.excerpt}</span>}
		</>
	);
}

/** `GET …/webhooks/:id/secret` */
export function rotateWebhookView({
	frame,
	endpoint,
	fields,
}: OfEndpoint & { readonly fields: Readonly<Record<string, string>> }): string {
	const here = `${baseOf(frame)}/${endpoint.id}`;
	return confirmationView({
		frame,
		title: "Replace the secret?",
		about: nameOf(endpoint),
		children: (
			<p>
				For 24 hours events to <Named endpoint={endpoint} /> are signed by both secrets, so that your server can change
				over. One that was replaced before ends now.
			</p>
		),
		action: `${here}/secret`,
		confirm: "Replace secret",
		cancelUrl: here,
		fields,
	});
}

/** `GET …/webhooks/:id/delete` */
export function deleteWebhookView({ frame, endpoint }: OfEndpoint): string {
	const here = `${baseOf(frame)}/${endpoint.id}`;
	return confirmationView({
		frame,
		title: "Delete endpoint?",
		about: nameOf(endpoint),
		children: (
			<p>
				Nothing is sent to <Named endpoint={endpoint} /> any more, and its log goes.
			</p>
		),
		action: `${here}/delete`,
		confirm: "Delete this endpoint",
		cancelUrl: here,
	});
}

/** What people call it; else where it is. */
function nameOf({ description, url }: WebhookEndpoint): string {
	return description === "" ? new URL(url).host : plainText(description);
}

function Named({ endpoint }: Pick<OfEndpoint, "endpoint">) {
	return (
		<>
			<StrongName text={nameOf(endpoint)} /> ({endpoint.url})
		</>
	);
}

function baseOf({ base }: ConsoleFrame): string {
	return `${base}/settings/webhooks`;
}
