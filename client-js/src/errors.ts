import type { Decision, LimitState } from './types.js';

/** Something other than what was asked for. */
export class QuotaryError extends Error {
  override name = 'QuotaryError';
}

/** A limit has no room. Nothing is held, and the call was not made. */
export class LimitExceededError extends QuotaryError {
  override name = 'LimitExceededError';
  readonly decision: Decision;

  constructor(decision: Decision) {
    super(decision.detail ?? 'Usage limit exceeded');
    this.decision = decision;
  }

  /** 402 where a plan is used up, 429 where waiting a little helps. */
  get status(): number {
    return this.decision.status ?? 402;
  }

  get code(): string {
    return this.decision.code ?? 'USAGE_LIMIT_EXCEEDED';
  }

  /** The first limit without room. */
  get limit(): LimitState | undefined {
    return this.decision.violations?.[0];
  }

  get upgradeUrl(): string | undefined {
    return this.decision.upgrade_url;
  }
}

/** The server understood, and will not: a wrong key, a wrong value, a blocked subject. Repeating it changes nothing. */
export class RequestRefusedError extends QuotaryError {
  override name = 'RequestRefusedError';
  readonly status: number;
  readonly code: string;
  readonly pointer: string | undefined;

  constructor(status: number, code: string, detail: string, pointer?: string) {
    super(`${status} ${code}: ${detail}`);
    this.status = status;
    this.code = code;
    this.pointer = pointer;
  }
}

/** No usable answer came in time. Whether the step took effect is unknown: repeat it with the same id. */
export class UnavailableError extends QuotaryError {
  override name = 'UnavailableError';
  /** Of the server, if it was the server that answered. */
  readonly code: string | undefined;

  constructor(message: string, code?: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}
