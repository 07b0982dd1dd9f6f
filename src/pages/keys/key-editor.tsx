import { OnOff } from "../../ui/badge.tsx";
import type { ConsoleFrame } from "../frame/frame.ts";
import { FormCard } from "../frame/form-card.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { type FieldErrors, isWrong } from "../../ui/error-summary.tsx";
import { Instant } from "../../ui/instant.tsx";
import { Name } from "../../ui/name.tsx";
import { LinkButton } from "../../ui/post-form.tsx";
import { Section } from "../../ui/section.tsx";
import { Switch } from "../../ui/switch.tsx";
import { NameAndTags, type PolicyChoice, PolicyChoices } from "./key-form.tsx";
import { type EditedKey, keyUrl, renderKeyPage } from "./key-frame.tsx";

export interface KeyDetailsProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	/** What it may do in this account, after "may"; empty for nothing. */
	readonly deeds: string;
	readonly values: { readonly name: string; readonly tags: string };
	/** What it was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly errors: FieldErrors<"name" | "tags">;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

const said = {
	tokens_ended: "All of its login tokens have ended.",
	created: "The API key was created. Next, create an access code for it.",
	linked: "The API key was linked. It opens this account by the policies that you chose.",
	saved: "Saved.",
	disabled: "Disabled. Everything that used it has stopped, everywhere.",
	enabled: "Enabled.",
};

/** Posts `name` and `tags`; the switch posts `enabled` (`on` or `off`) to `…/enabled`. */
export function keyDetailsView({ frame, key, deeds, values, fields, errors, problem }: KeyDetailsProps): string {
	const mayWrite = frame.permissions.includes("keys:write");
	return renderKeyPage({
		frame,
		key,
		tab: "Details",
		said,
		undo: mayWrite ? `${keyUrl(frame, key)}/enabled` : null,
		failed: isWrong(errors) || problem !== null,
		children: (
			<>
				<Deeds deeds={deeds} />
				{mayWrite && !key.link && (
					<FormCard
						action={keyUrl(frame, key)}
						frame={frame}
						fields={fields}
						errors={errors}
						problem={problem}
						submit="Save"
						cancel={`${frame.base}/keys`}
					>
						<NameAndTags {...values} errors={errors} />
					</FormCard>
				)}
				<Facts frame={frame} editedKey={key} />
				{mayWrite && <SwitchAndDelete frame={frame} editedKey={key} />}
			</>
		),
	});
}

function Deeds({ deeds }: Pick<KeyDetailsProps, "deeds">) {
	if (deeds === "") return <p>In this account it may do nothing: no policy of it permits anything.</p>;
	return (
		<p>
			In this account it may <Name text={deeds} />.
		</p>
	);
}

function Facts({ frame, editedKey }: { frame: ConsoleFrame; editedKey: EditedKey }) {
	const { id, tags, isIntegration, isOn, createdAt, link } = editedKey;
	return (
		<div class="card">
			<h2 id="key-id-label">API key ID</h2>
			<Copyable id="key-id" text={id} label="Copy ID" />
			<p class="hint">Whoever links this key to another account needs its ID. It is no secret.</p>
			<dl>
				<dt>State</dt>
				<dd>
					<OnOff on={isOn} />
				</dd>
				<dt>Type</dt>
				<dd>{isIntegration ? "Integration" : "Standard"}</dd>
				{link && (
					<>
						<dt>Owner</dt>
						<dd>
							<Name text={link.owner} />
						</dd>
					</>
				)}
				{!link && !frame.permissions.includes("keys:write") && (
					<>
						<dt>Tags</dt>
						<dd>{tags.length === 0 ? "None" : <Name text={tags.join(", ")} />}</dd>
					</>
				)}
				<dt>Created</dt>
				<dd>
					<Instant at={createdAt} now={frame.now} />
				</dd>
			</dl>
			{link?.offByOwner && <p>The owner has disabled it. Only the owner can enable it again.</p>}
		</div>
	);
}

function SwitchAndDelete({ frame, editedKey }: { frame: ConsoleFrame; editedKey: EditedKey }) {
	const { name, isOn, link } = editedKey;
	const base = keyUrl(frame, editedKey);
	const isOurSwitchOn = link ? !link.offByUs : isOn;
	return (
		<Section class="card" id="switch" title={link ? "This link" : "This key"}>
			<Switch
				action={`${base}/enabled`}
				csrf={frame.csrf}
				on={isOurSwitchOn}
				label={`${link ? "Link of the API key" : "API key"} ${name}`}
			/>
			<p>
				{isOurSwitchOn
					? "Disabling stops everything that uses it, everywhere and at once. You can enable it again."
					: "It opens nothing while it is disabled."}
			</p>
			<div class="row">
				{!link && frame.permissions.includes("keys:delete") && (
					<LinkButton look="secondary small" href={`${base}/tokens/end`} label="End its login tokens" />
				)}
				{frame.permissions.includes("keys:delete") && (
					<LinkButton look="secondary small" href={`${base}/delete`} label={link ? "Remove link" : "Delete key"} />
				)}
			</div>
		</Section>
	);
}

export interface KeyPoliciesProps extends Pick<KeyDetailsProps, "deeds"> {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly policies: readonly PolicyChoice[];
	readonly chosen: readonly string[];
	/** Of type Integration: the policy that belongs to it. */
	readonly builtIn: PolicyChoice | null;
	/** What the form was drawn from. */
	readonly fields: Readonly<Record<string, string>>;
	readonly error: string | null;
	/** What no single field is to blame for. */
	readonly problem: string | null;
}

/** Posts `policies:<id>` for each that is checked. */
export function keyPoliciesView(props: KeyPoliciesProps): string {
	const { frame, key, deeds, policies, chosen, builtIn, fields, error, problem } = props;
	const base = keyUrl(frame, key);
	const given = policies.filter(({ id }) => chosen.includes(id));
	return renderKeyPage({
		frame,
		key,
		tab: "Policies",
		said,
		failed: error !== null || problem !== null,
		children: (
			<>
				<Deeds deeds={deeds} />
				{builtIn && (
					<p>
						<strong>{builtIn.name}.</strong> {builtIn.description}
					</p>
				)}
				{frame.permissions.includes("keys:write") ? (
					<FormCard
						action={`${base}/policies`}
						frame={frame}
						fields={fields}
						errors={{ policies: error }}
						problem={problem}
						submit="Save policies"
						cancel={base}
					>
						<PolicyChoices frame={frame} policies={policies} chosen={chosen} error={error} />
						<p class="muted">
							{key.link
								? "They say what this key may do in this account, and nothing in its owner's. A link needs at least one."
								: "They say what this key may do in this account. Without a policy it opens nothing."}
						</p>
					</FormCard>
				) : (
					<ul>
						{given.map(({ id, name, description }) => (
							<li key={id}>
								<Name text={name} />: <Name text={description} />
							</li>
						))}
						{given.length === 0 && <li>None.</li>}
					</ul>
				)}
			</>
		),
	});
}
