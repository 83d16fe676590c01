import { LimitExceededError, RequestRefusedError, UnavailableError } from './errors.js';
import { listen, type LiveOptions } from './live.js';
import { Transport, type Json, type Key } from './transport.js';
import type { Attempt, Call, Decision, Estimate, EstimateRequest, Quantities, Settled, Usage, UsageQuery, UsageStats, UsageStatus } from './types.js';
import { Unsent, type Entry } from './unsent.js';

export interface QuotaryOptions {
  /** Where the server is, such as `https://quotary.example.com`. */
  url: string;
  /** Of role `service` on a server; in a browser a subject's own, or a function that fetches a short-lived one. */
  key: Key;
  /** For a step, all attempts together; 10 seconds if not named. */
  timeoutMs?: number;
  /** Whether calls are made while Quotary cannot be asked: fail open (`allow`, the default) or fail closed. */
  whenUnavailable?: 'allow' | 'refuse';
  /** How many usages are kept in memory that could not be told; 1,000 if not named. */
  unsentMax?: number;
  /** Hears of usage that is lost: refused for good, or without room. Without one, `console.error` does. */
  onDropped?: (id: string, reason: string) => void;
  fetch?: typeof fetch;
}

/** Of records that this SDK sends: their ids are told apart from those of others by it. */
const SOURCE = 'quotary-client';
/** Longer than the names, ids and tiers that the server reads. */
const TEXT_LENGTH_MAX = 128;
const PAUSE_MIN_MS = 500;
const PAUSE_MAX_MS = 60_000;

/** Asks a Quotary server before a call and tells it afterwards. One for an application. */
export class Quotary {
  private readonly transport: Transport;
  private readonly unsent: Unsent;
  private readonly open: boolean;
  private readonly onDropped: (id: string, reason: string) => void;

  constructor(options: QuotaryOptions) {
    this.transport = new Transport({
      url: options.url.replace(/\/+$/, ''),
      key: options.key,
      timeoutMs: options.timeoutMs ?? 10_000,
      fetch: options.fetch ?? ((input, init) => fetch(input, init)),
    });
    this.open = (options.whenUnavailable ?? 'allow') === 'allow';
    this.onDropped = options.onDropped ?? ((id, reason) => console.error(`Usage ${id} is lost: ${reason}`));
    this.unsent = new Unsent(this.transport, {
      max: options.unsentMax ?? 1_000,
      pauseMinMs: PAUSE_MIN_MS,
      pauseMaxMs: PAUSE_MAX_MS,
      onDropped: this.onDropped,
    });
  }

  /** Whether a call would be admitted; holds nothing. A denial is a decision here, no error. */
  async check(call: Call): Promise<Decision> {
    return this.orUnmetered(async () => decision(await this.transport.call('POST', '/check', call)), unasked);
  }

  /** Holds what a call uses at most on every limit that applies, or on none. A refusal is a {@link LimitExceededError}. */
  async reserve(call: Call): Promise<Reservation> {
    const named = { ...call, id: call.id ?? newId() };
    const granted = await this.orUnmetered(
      async () => decision(await this.transport.call('POST', '/reservations', named)),
      unasked,
    );
    if (!granted.allowed) throw new LimitExceededError(granted);
    return new Reservation(granted, named, this.steps());
  }

  private steps(): Steps {
    return {
      transport: this.transport,
      settle: (entry, otherwise) => this.settle(entry, otherwise),
      dropped: this.onDropped,
    };
  }

  /**
   * Records use after the fact; never refused for a limit. It counts at the time of this call; under an id of one's own when it arrives, as a
   * repeat under that id must say the same. Where that matters, name its time.
   */
  async record(call: Call, usage: Usage = {}, time?: Date): Promise<Settled> {
    const at = time ?? (call.id === undefined ? new Date() : undefined);
    return this.settle(recordOf(call.id ?? newId(), at, call, withoutTexts(usage)));
  }

  async estimate(request: EstimateRequest): Promise<Estimate> {
    return (await this.transport.call('POST', '/estimate', request)) as unknown as Estimate;
  }

  /** How every limit stands: of the named subject, or of the key's own. */
  async status(subject?: string): Promise<UsageStatus> {
    const query = subject === undefined ? '' : `?subject=${encodeURIComponent(subject)}`;
    return (await this.transport.call('GET', `/status${query}`)) as unknown as UsageStatus;
  }

  /** What was used, over time and by group. */
  async getUsageStats(query: UsageQuery = {}): Promise<UsageStats> {
    return (await this.transport.call('GET', `/query${search(query)}`)) as unknown as UsageStats;
  }

  /** Tells what happens as it happens, until what it answers is called. Where it is cut off it goes on by itself. */
  listen(options: LiveOptions): () => void {
    return listen(this.transport, options);
  }

  /** Reserves, calls, and commits what was used; throws {@link LimitExceededError} before anything is called. */
  async execute<T>(call: Call, work: () => T | Promise<T>, usage: (value: T) => Usage): Promise<T> {
    const attempt = await this.wrap(call, work, usage);
    if (!attempt.done) throw new LimitExceededError(attempt.decision);
    return attempt.value;
  }

  /** As {@link execute}, with a refusal as a value, and what the call cost beside its answer. */
  async wrap<T>(call: Call, work: () => T | Promise<T>, usage: (value: T) => Usage): Promise<Attempt<T>> {
    let reservation: Reservation;
    try {
      reservation = await this.reserve(call);
    } catch (e) {
      if (e instanceof LimitExceededError) return { done: false, decision: e.decision };
      throw e;
    }
    const { delay_ms: delay } = reservation.decision;
    if (delay !== undefined) await new Promise((resolve) => setTimeout(resolve, delay));
    const begun = Date.now();
    const latency = () => ({ latency_ms: Date.now() - begun });
    let value: T;
    try {
      value = await work();
    } catch (e) {
      await reservation.settled({ ...latency(), outcome: 'error', error_type: e instanceof Error ? e.name : 'error' });
      throw e;
    }
    const settled = await reservation.settled({ ...latency(), ...used(usage, value) });
    return { done: true, value, decision: reservation.decision, settled };
  }

  /** How many usages wait to be sent again. */
  get unsentCount(): number {
    return this.unsent.size;
  }

  /** Sends now what is kept; true once nothing is left. */
  async flush(): Promise<boolean> {
    return this.unsent.flush();
  }

  /** Sends what is kept once more, and stops. What is left then is lost. */
  async close(): Promise<void> {
    await this.unsent.flush();
    this.unsent.stop();
  }

  private async settle(entry: Entry, otherwise?: Entry): Promise<Settled> {
    try {
      return settled(await this.transport.call('POST', entry.path, entry.body));
    } catch (e) {
      if (otherwise !== undefined && e instanceof RequestRefusedError && e.code === 'RESERVATION_UNKNOWN') {
        return this.settle(otherwise);
      }
      const later = e instanceof UnavailableError || (e instanceof RequestRefusedError && e.status === 401);
      if (later && this.unsent.keep(entry)) return { state: 'kept', id: entry.id };
      throw e;
    }
  }

  /** Fail open, but not against the operator: a server whose store is away has decided by its plans. */
  private async orUnmetered<T>(asked: () => Promise<T>, unmetered: () => T): Promise<T> {
    try {
      return await asked();
    } catch (e) {
      if (this.open && e instanceof UnavailableError && e.code !== 'STORE_UNAVAILABLE') return unmetered();
      throw e;
    }
  }
}

/** Lists with commas, own dimensions as `filter[name]`; what is not named is left out. */
function search(query: UsageQuery): string {
  const { filter, ...plain } = query;
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(plain)) {
    if (value !== undefined) parameters.set(name, value instanceof Date ? value.toISOString() : String(value));
  }
  for (const [name, value] of Object.entries(filter ?? {})) parameters.set(`filter[${name}]`, value);
  const text = parameters.toString();
  return text === '' ? '' : `?${text}`;
}

interface Steps {
  transport: Transport;
  settle: (entry: Entry, otherwise?: Entry) => Promise<Settled>;
  dropped: (id: string, reason: string) => void;
}

/** A hold on every limit of a call, to be settled once. One that nobody settles expires by itself and charges nothing. */
export class Reservation {
  readonly id: string;
  private readonly admitted = new Date();

  constructor(
    readonly decision: Decision,
    private readonly call: Call & { id: string },
    private readonly steps: Steps,
  ) {
    this.id = decision.reservation?.id ?? call.id;
  }

  /** Settles with what was used. Where nobody could be asked nothing is held, and the usage is recorded under the call's id. */
  async commit(said: Usage = {}): Promise<Settled> {
    const usage = withoutTexts(said);
    const record = recordOf(this.id, this.admitted, this.call, usage);
    if (this.decision.reservation === undefined) return this.steps.settle(record);
    const path = `/reservations/${encodeURIComponent(this.id)}/commit`;
    return this.steps.settle({ id: this.id, path, body: usage }, record);
  }

  /**
   * As {@link commit}, for a call that was made, whose result goes before an error: where a provider's answer cannot be read, what was held
   * stands.
   */
  async settled(usage: Usage): Promise<Settled> {
    try {
      return await this.commit(usage);
    } catch (e) {
      if (usage.provider_response !== undefined && e instanceof RequestRefusedError) {
        const { provider_response: _unread, ...rest } = usage;
        return this.settled(rest);
      }
      const reason = e instanceof Error ? e.message : String(e);
      // Of what could not be sent, and had no room, it was told already.
      if (e instanceof RequestRefusedError) this.steps.dropped(this.id, reason);
      return { state: 'lost', reason };
    }
  }

  /** Gives it back: nothing was used. */
  async release(): Promise<void> {
    if (this.decision.reservation === undefined) return;
    try {
      await this.steps.transport.call('POST', `/reservations/${encodeURIComponent(this.id)}/release`, {});
    } catch (e) {
      // Nothing is held under it: that is what was wanted.
      if (!(e instanceof RequestRefusedError) || e.code !== 'RESERVATION_UNKNOWN') throw e;
    }
  }

  /** Holds more, or for longer. Sent once only, as a repeat would hold as much again. */
  async extend(more: Pick<Call, 'quantities' | 'cost' | 'ttl_seconds'>): Promise<Decision> {
    if (this.decision.reservation === undefined) return unasked();
    const path = `/reservations/${encodeURIComponent(this.id)}/extend`;
    const answer = decision(await this.steps.transport.call('POST', path, more, false));
    if (!answer.allowed) throw new LimitExceededError(answer);
    return answer;
  }
}

function decision(json: Json): Decision {
  return json as unknown as Decision;
}

function unasked(): Decision {
  return { allowed: true, decision: 'allowed_unmetered', limits: [], warnings: [] };
}

function settled(json: Json): Settled {
  const event = Array.isArray(json.events) ? (json.events[0] as Json) : json;
  const id = String(event.event_id ?? event.id);
  const recorded: Settled = { state: 'recorded', event_id: id, cost: String(event.cost) };
  return json.events === undefined
    ? { ...recorded, quantities: json.quantities as Quantities, late: json.late === true }
    : recorded;
}

/** What was held stands where the caller's function cannot read the answer. */
function used<T>(usage: (value: T) => Usage, value: T): Usage {
  try {
    return usage(value);
  } catch (e) {
    console.error('The usage of a call was not read; what was held is charged', e);
    return {};
  }
}

/** Prompts and completions are of no use to whoever counts: of an answer, longer texts are neither sent nor kept. */
function withoutTexts(usage: Usage): Usage {
  if (usage.provider_response === undefined) return usage;
  const shorten = (_name: string, value: unknown) =>
    typeof value === 'string' && value.length > TEXT_LENGTH_MAX ? '' : value;
  return { ...usage, provider_response: JSON.parse(JSON.stringify(usage.provider_response, shorten)) as object };
}

function countsTokens(meter: string): boolean {
  return meter === 'tokens' || meter === 'tokens.input' || meter === 'tokens.output';
}

/** The record of a call that nothing is held for: as a commit takes a usage over what was held. */
function recordOf(id: string, time: Date | undefined, call: Call, usage: Usage): Entry {
  const { ttl_seconds: _ttl, quantities: held = {}, cost, ...context } = call;
  const said = usage.quantities ?? {};
  const failed = usage.outcome !== undefined && usage.outcome !== 'success';
  const response = usage.provider_response !== undefined;
  const tokens = response || Object.keys(said).some(countsTokens);
  const stays = ([meter]: [string, number]) =>
    meter === 'requests' ? !response : !failed && !(tokens && countsTokens(meter));
  const quantities = { ...Object.fromEntries(Object.entries(held).filter(stays)), ...said };
  const costStays = cost !== undefined && usage.cost === undefined && !tokens && !failed;
  const body = {
    ...context,
    ...usage,
    dimensions: { ...call.dimensions, ...usage.dimensions },
    quantities,
    ...(costStays ? { cost } : {}),
    id,
    source: SOURCE,
    ...(time === undefined ? {} : { time: time.toISOString() }),
  };
  return { id, path: '/records', body };
}

function newId(): string {
  return `sdk_${crypto.randomUUID().replaceAll('-', '')}`;
}
