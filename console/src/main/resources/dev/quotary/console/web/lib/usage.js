/** Questions about use, and their answers in the form that charts take. */
import { colors } from '../charts/scale.js';
import { get } from './api.js';
import { toNumber } from './format.js';
import { bucket } from './days.js';

/**
 * @typedef {object} Series
 * @property {string} key as people read it
 * @property {string} value of the dimension; empty where the events lack one
 * @property {string} color
 * @property {boolean} other whether it is all the rest
 * @property {Record<string, any>} total by meter
 * @property {any[]} points
 */

/**
 * @typedef {{ meters: string[], range: import('./range.js').Span, groupBy?: string, top?: number, compare?: boolean, filter?: Record<string, string>,
 *   granularity?: string }} Question
 */

/**
 * A question as the API takes it.
 *
 * @param {Question} asked
 */
export function question({ meters, range, groupBy, top, compare, filter = {}, granularity }) {
  return {
    meter: meters.join(','),
    from: range.from,
    to: range.to,
    time_zone: range.zone,
    granularity: granularity ?? range.granularity,
    group_by: groupBy,
    top: groupBy ? top : undefined,
    compare: compare ? 'previous' : undefined,
    ...filter,
  };
}

/**
 * @param {Question} asked
 * @param {AbortSignal} [signal]
 */
export async function ask(asked, signal) {
  const cut = asked.granularity ?? asked.range.granularity;
  const answer = await get('/api/v1/usage/query', question(asked), signal);
  /** @param {any} told */
  const take = (told) => shaped(told, asked.groupBy, cut, asked.range.zone);
  return { ...take(answer), previous: answer.previous ? take(answer.previous) : null, range: asked.range };
}

/** @param {any} answer @param {string | undefined} groupBy @param {string} granularity @param {string} zone */
function shaped(answer, groupBy, granularity, zone) {
  const named = answer.series.map((/** @type {any} */ one) => ({ ...one, ...name(one, groupBy) }));
  const hues = colors(named.filter((/** @type {any} */ one) => !one.other).map((/** @type {any} */ one) => one.key));
  /** @type {Series[]} */
  const series = named.map((/** @type {any} */ one) => ({
    ...one,
    color: one.other ? 'var(--c-other)' : hues.get(one.key),
  }));
  const points = series[0]?.points ?? [];
  return { series, buckets: points.map((point) => bucket(point, granularity, zone)) };
}

/** @param {any} one @param {string | undefined} groupBy */
function name(one, groupBy) {
  if (one.other) {
    return { key: 'Others', value: '' };
  }
  if (!groupBy) {
    return { key: 'All', value: '' };
  }
  const values = Object.values(one.group);
  return { key: values.map((value) => value || 'none').join(' / '), value: values[0] ?? '' };
}

/** @param {Series} series @param {string} meter */
export const valuesOf = (series, meter) => series.points.map((point) => toNumber(valueOf(point.values[meter])));

/** Of averages the quotient. @param {any} told */
export const valueOf = (told) => (told !== null && typeof told === 'object' ? told.value : told);

/** @param {{ series: Series[] }} answer @param {string} meter */
export const totalOf = (answer, meter) =>
  answer.series.reduce((sum, one) => sum + toNumber(valueOf(one.total[meter])), 0);

/** The sums of each bucket over all series. @param {{ series: Series[], buckets: unknown[] }} answer @param {string} meter */
export function sums(answer, meter) {
  const all = answer.series.map((one) => valuesOf(one, meter));
  return answer.buckets.map((_, i) => all.reduce((sum, values) => sum + values[i], 0));
}
