// What the usage API speaks, as it speaks it: the names of the JSON, no mapping. The contract is the server's openapi.yaml.

/** Whole numbers; of money, decimal text in US dollars such as `"0.0105"`. */
export type Amount = number | string;

/** Amounts by meter: `requests`, `tokens`, `tokens.input`, `tokens.output`, and declared ones. */
export type Quantities = Record<string, number>;

/** A call that is about to happen, or happened: for whom, in which context, and how much it uses at most. */
export interface Call {
  /** One's own id: whatever is done twice under one id happens once. Made by the SDK if it is not named. */
  id?: string;
  /** To be named with a service key, and left out with a subject's own. */
  subject?: string;
  session?: string;
  workflow?: string;
  feature?: string;
  provider?: string;
  model?: string;
  dimensions?: Record<string, string>;
  quantities?: Quantities;
  /** At most; without it the cost is computed from the tokens and the model's price. */
  cost?: string;
  /** For how long a reservation is held if nobody settles it; 60 if not named. */
  ttl_seconds?: number;
  metadata?: Record<string, unknown>;
}

/** What a call has used, and how it ended. What is not named stays as it was held; after an error it is nothing. */
export interface Usage {
  quantities?: Quantities;
  /** The provider's answer as it came, in the place of requests and tokens: the server reads it. */
  provider_response?: object;
  cost?: string;
  provider?: string;
  model?: string;
  outcome?: 'success' | 'error' | 'cancelled';
  error_type?: string;
  latency_ms?: number;
  queue_wait_ms?: number;
  dimensions?: Record<string, string>;
  metadata?: Record<string, unknown>;
}

export type LimitStateName = 'ok' | 'warning' | 'exceeded' | 'overage' | 'grace' | 'shadow';

/** How one limit stands. */
export interface LimitState {
  limit: string;
  meter: string;
  scope: string;
  window: string;
  sliding?: true;
  window_start: string | null;
  /** Null where it never does. */
  resets_at: string | null;
  where?: Record<string, string>;
  /** Null for unlimited. */
  max: Amount | null;
  unlimited: boolean;
  used: Amount;
  held: Amount;
  /** Null for unlimited. */
  remaining: Amount | null;
  /** Used and held of the maximum. */
  percent: number;
  state: LimitStateName;
}

export interface Warning {
  limit: string;
  threshold: number;
}

/** The answer to whether a call may be made. `allowed_unmetered`: nobody could be asked, and it may pass all the same. */
export interface Decision {
  allowed: boolean;
  decision: 'allowed' | 'allowed_with_warnings' | 'throttled' | 'denied' | 'allowed_unmetered';
  delay_ms?: number;
  queue_wait_ms?: number;
  reservation?: { id: string; expires_at: string };
  estimated_cost?: string;
  limits: LimitState[];
  warnings: Warning[];
  /** Of a denial only: every limit without room. */
  violations?: LimitState[];
  status?: 402 | 429;
  code?: string;
  detail?: string;
  upgrade_url?: string;
}

/** How every limit of a subject stands. */
export interface UsageStatus {
  organization: string;
  subject: string | null;
  plan: string | null;
  upgrade_url: string | null;
  blocked: boolean;
  state: LimitStateName;
  at: string;
  limits: LimitState[];
  warnings: Warning[];
  totals: Record<string, Record<string, Amount>>;
}

export interface TokenEstimate {
  input: number;
  output: number;
}

export interface Estimate {
  provider: string;
  model: string;
  tokens: TokenEstimate;
  /** Null of a model without a price. */
  cost: string | null;
  upper_bound: { tokens: TokenEstimate; cost: string | null };
}

export interface EstimateRequest {
  provider: string;
  model: string;
  messages?: object[];
  text?: string;
  quantities?: Quantities;
  max_output_tokens?: number;
}

/** What became of a usage: it is in the ledger, it is kept and will be sent again, or (of wrapped calls only) it is lost, which was told. */
export type Settled =
  | { state: 'recorded'; event_id: string; cost: string; quantities?: Quantities; late?: boolean }
  | { state: 'kept'; id: string }
  | { state: 'lost'; reason: string };

/** What came of a call that was to be made if limits let it. */
export type Attempt<T> =
  | { done: true; value: T; decision: Decision; settled: Settled }
  | { done: false; decision: Decision };

/** What is asked about use over time. What is not named is as the server has it: the cost of the last 30 days, by day. */
export interface UsageQuery {
  /** One or more, with commas between them: `cost`, `tokens`, `requests`, `errors`, `latency_ms.p95`, … */
  meter?: string;
  /** A date, which is midnight in the time zone, or a time. */
  from?: string | Date;
  to?: string | Date;
  granularity?: 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';
  /** With commas between them: `model`, `provider`, `feature`, `subject`, … */
  group_by?: string;
  /** How many groups are told apart. */
  top?: number;
  compare?: 'previous';
  time_zone?: string;
  /** A value, or the beginning of one and `*`; so are the others. A subject's own key and a portal token see their own in any case. */
  subject?: string;
  provider?: string;
  model?: string;
  feature?: string;
  session?: string;
  workflow?: string;
  outcome?: string;
  /** By dimensions of one's own. */
  filter?: Record<string, string>;
}

/** A mean with what it is the quotient of. */
export interface Mean {
  value: string;
  sum: number;
  count: number;
}

/** Amounts by meter; null for a mean or a percentile of nothing. */
export type Measured = Record<string, Amount | Mean | null>;

export interface UsagePoint {
  start: string;
  end: string;
  values: Measured;
}

export interface UsageGroup {
  /** Values by dimension; the empty text for none. */
  group: Record<string, string>;
  /** Whether these are all the groups that are not told apart. */
  other: boolean;
  total: Measured;
  /** One for every bucket; none of granularity `total`. */
  points?: UsagePoint[];
}

export interface UsageStats {
  organization: string;
  meters: string[];
  from: string;
  to: string;
  granularity: string;
  time_zone: string;
  group_by: string[];
  series: UsageGroup[];
  previous: { from: string; to: string; series: UsageGroup[] } | null;
}
