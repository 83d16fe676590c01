/**
 * What can be asked about use, in people's words.
 *
 * @typedef {{ key: string, name: string, adds: boolean, unit?: 'millis' | 'share' }} Measure
 */

/** @type {Measure[]} */
export const MEASURES = [
  { key: 'cost', name: 'Spend', adds: true },
  { key: 'tokens', name: 'Tokens', adds: true },
  { key: 'tokens.input', name: 'Input tokens', adds: true },
  { key: 'tokens.output', name: 'Output tokens', adds: true },
  { key: 'requests', name: 'Requests', adds: true },
  { key: 'events', name: 'Events', adds: true },
  { key: 'errors', name: 'Errors', adds: true },
  { key: 'success_rate', name: 'Success', adds: false, unit: 'share' },
  { key: 'latency_ms', name: 'Latency, on average', adds: false, unit: 'millis' },
  { key: 'latency_ms.p50', name: 'Latency, median', adds: false, unit: 'millis' },
  { key: 'latency_ms.p95', name: 'Latency, 95th percentile', adds: false, unit: 'millis' },
  { key: 'queue_wait_ms', name: 'Wait for room, on average', adds: false, unit: 'millis' },
  { key: 'subjects', name: 'Subjects', adds: false },
  { key: 'sessions', name: 'Sessions', adds: false },
  { key: 'session_length_ms', name: 'Length of sessions', adds: false, unit: 'millis' },
  { key: 'bucket.cached_input', name: 'Cached input tokens', adds: true },
  { key: 'bucket.reasoning', name: 'Reasoning tokens', adds: true },
];

/** @param {string} key */
export const measure = (key) => MEASURES.find((one) => one.key === key) ?? { key, name: key, adds: true };
