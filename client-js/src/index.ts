export { Quotary, Reservation, type QuotaryOptions } from './client.js';
export { LimitExceededError, QuotaryError, RequestRefusedError, UnavailableError } from './errors.js';
export type { LiveEvent, LiveOptions } from './live.js';
export type { Key } from './transport.js';
export type * from './types.js';
export { watchStatus, type StatusSource, type Watch } from './watch.js';
