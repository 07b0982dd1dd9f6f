import type { ComponentChildren } from "preact";
import { Badge } from "../../ui/badge.tsx";
import { type ConsoleFrame, renderConsolePage } from "../frame/console-frame.tsx";
import { Copyable } from "../../ui/copyable.tsx";
import { Instant } from "../../ui/instant.tsx";
import { type FormErrors, FormCard, NameAndTags, type PolicyChoice, PolicyChoices } from "./key-form.tsx";
import { Name } from "../../ui/name.tsx";
import { PostForm } from "../../ui/post-form.tsx";
import { Tabs } from "../../ui/tabs.tsx";

/** What every tab of a key's editor shows of it. */
export interface EditedKey {
	readonly id: string;
	readonly name: string;
	readonly tags: readonly string[];
	readonly isIntegration: boolean;
	readonly isOn: boolean;
	readonly createdAt: number;
	/** Of a linked key: who owns it, and who has switched it off; null for the account's own. */
	readonly link: { readonly owner: string; readonly offByUs: boolean; readonly offByOwner: boolean } | null;
}

type KeyTab = "Details" | "Policies" | "Access codes" | "Links";

export interface KeyViewProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly tab: KeyTab;
	readonly notice: string | null;
	/** Shows beside the notice what takes it back. */
	readonly undo: { readonly action: string; readonly enabled: boolean } | null;
	readonly failed?: boolean;
	readonly children: ComponentChildren;
}

export function keyView({ frame, key, tab, notice, undo, failed = false, children }: KeyViewProps): string {
	const base = `/console/${frame.account.slug}/keys/${key.id}`;
	const isLinked = key.link !== null;
	const elsewhere = "A linked key is used with the access codes of its owner.";
	return renderConsolePage({
		frame,
		title: key.name,
		notice,
		failed,
		children: (
			<>
				{undo && (
					<PostForm action={undo.action} csrf={frame.csrf} class="row">
						<input type="hidden" name="enabled" value={undo.enabled ? "on" : "off"} />
						<button type="submit" class="outline secondary small">
							Undo
						</button>
					</PostForm>
				)}
				<Tabs
					label="Parts of this API key"
					current={tab}
					tabs={[
						{ name: "Details", url: base },
						{ name: "Policies", url: `${base}/policies` },
						isLinked
							? { name: "Access codes", url: null, why: elsewhere }
							: { name: "Access codes", url: `${base}/codes` },
						isLinked
							? { name: "Links", url: null, why: "Only its owner sees where a key is linked." }
							: { name: "Links", url: `${base}/links` },
					]}
				/>
				{isLinked && <p class="muted">Access codes: {elsewhere} Ask the owner for one.</p>}
				{children}
			</>
		),
	});
}

export interface KeyDetailsProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string | null;
	readonly undo: KeyViewProps["undo"];
	readonly values: { readonly name: string; readonly tags: string };
	readonly errors: FormErrors<"name" | "tags">;
	readonly now: number;
}

/** Posts `name` and `tags`; the switch posts `enabled` (`on` or `off`) to `…/enabled`. */
export function keyDetailsView({ frame, key, notice, undo, values, errors, now }: KeyDetailsProps): string {
	const base = `/console/${frame.account.slug}/keys/${key.id}`;
	const mayWrite = frame.permissions.includes("keys:write");
	return keyView({
		frame,
		key,
		tab: "Details",
		notice,
		undo,
		failed: Object.keys(errors).length > 0,
		children: (
			<>
				{mayWrite && !key.link && (
					<FormCard
						action={base}
						frame={frame}
						nonce={null}
						errors={errors}
						submit="Save"
						cancel={`/console/${frame.account.slug}/keys`}
					>
						<NameAndTags name={values.name} tags={values.tags} errors={errors} />
					</FormCard>
				)}
				<Facts frame={frame} editedKey={key} now={now} />
				{mayWrite && <SwitchAndDelete frame={frame} editedKey={key} />}
			</>
		),
	});
}

function Facts({ frame, editedKey, now }: { frame: ConsoleFrame; editedKey: EditedKey; now: number }) {
	const { id, tags, isIntegration, isOn, createdAt, link } = editedKey;
	return (
		<div class="card">
			<h2 id="key-id-label">API key ID</h2>
			<Copyable id="key-id" text={id} label="Copy ID" />
			<p class="hint">Whoever links this key to another account needs its ID. It is no secret.</p>
			<dl>
				<dt>State</dt>
				<dd>
					<Badge tone={isOn ? "good" : "off"} text={isOn ? "Enabled" : "Disabled"} />
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
					<Instant at={createdAt} now={now} />
				</dd>
			</dl>
			{link?.offByOwner && <p>The owner has switched this off. Only the owner can switch it on again.</p>}
		</div>
	);
}

function SwitchAndDelete({ frame, editedKey }: { frame: ConsoleFrame; editedKey: EditedKey }) {
	const { id, isOn, link } = editedKey;
	const base = `/console/${frame.account.slug}/keys/${id}`;
	const what = link ? "link" : "key";
	const isOurSwitchOn = link ? !link.offByUs : isOn;
	return (
		<section class="card" aria-labelledby="switch">
			<h2 id="switch">{isOurSwitchOn ? `Stop this ${what}` : `Start this ${what} again`}</h2>
			<p>
				{isOurSwitchOn
					? "Disabling stops everything that uses it, at once. You can enable it again."
					: "It opens nothing while it is disabled."}
			</p>
			<div class="row">
				<PostForm action={`${base}/enabled`} csrf={frame.csrf}>
					<input type="hidden" name="enabled" value={isOurSwitchOn ? "off" : "on"} />
					<button type="submit" class="outline secondary small">
						{isOurSwitchOn ? `Disable ${what}` : `Enable ${what}`}
					</button>
				</PostForm>
				{frame.permissions.includes("keys:delete") && (
					<a class="button secondary small" href={`${base}/delete`}>
						{link ? "Remove link…" : "Delete key…"}
					</a>
				)}
			</div>
		</section>
	);
}

export interface KeyPoliciesProps {
	readonly frame: ConsoleFrame;
	readonly key: EditedKey;
	readonly notice: string | null;
	readonly policies: readonly PolicyChoice[];
	readonly chosen: readonly string[];
	/** Of type Integration: the policy that belongs to it. */
	readonly builtIn: PolicyChoice | null;
	readonly error: string | null;
}

/** Posts `policies:<id>` for each that is checked. */
export function keyPoliciesView(props: KeyPoliciesProps): string {
	const { frame, key, notice, policies, chosen, builtIn, error } = props;
	const base = `/console/${frame.account.slug}/keys/${key.id}`;
	const given = policies.filter(({ id }) => chosen.includes(id));
	return keyView({
		frame,
		key,
		tab: "Policies",
		notice,
		undo: null,
		failed: error !== null,
		children: (
			<>
				{builtIn && (
					<p>
						<strong>{builtIn.name}.</strong> {builtIn.description}
					</p>
				)}
				{frame.permissions.includes("keys:write") ? (
					<FormCard
						action={`${base}/policies`}
						frame={frame}
						nonce={null}
						errors={error === null ? {} : { policies: error }}
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
