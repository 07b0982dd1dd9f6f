import { DurableObject } from "cloudflare:workers";
import type { Seconds } from "../../domain/brands.ts";
import { AlarmPlan } from "./alarm-plan.ts";

/**
 * The Durable Object of one endpoint of webhooks: an alarm, and nothing stored beside it. What is due stands in the database; what
 * sending takes, the Worker's entry brings. One alarm is never run twice at once, so that a slow endpoint is in nobody's way but its own.
 */
export class WebhookAlarmObject extends DurableObject<Env> {
	readonly #alarm: AlarmPlan;

	constructor(ctx: DurableObjectState, env: Env) {
		super(ctx, env);
		this.#alarm = new AlarmPlan(ctx.storage);
	}

	/** What is due by now rings at once: its time lies as far back as can be. */
	async ring(at: Seconds): Promise<void> {
		await this.#alarm.load();
		const isDue = at * 1000 <= Date.now();
		await this.#alarm.ringAfter(isDue ? 1 : at, 1);
	}

	/** Sends what is due by now. Answers with when the next is. */
	async sendDueWebhooks(_endpointId: string): Promise<Seconds | null> {
		return null;
	}

	/** One that fails is rung again by the platform, with growing delays. */
	override async alarm(): Promise<void> {
		this.#alarm.clear();
		const endpointId = this.ctx.id.name;
		if (endpointId === undefined) return;
		const next = await this.sendDueWebhooks(endpointId);
		if (next !== null) return this.ring(next);
		// Nothing waits, so that it leaves no storage behind. Nobody else rings while storage is waited for.
		if ((await this.ctx.storage.getAlarm()) === null) await this.ctx.storage.deleteAll();
	}
}
