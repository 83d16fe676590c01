/** Days and other stretches of time, in any zone. */
import { day, dayLong, hour, monthOf } from './format.js';

/** The date of an instant in a zone, as `2026-11-27`. @param {Date} at @param {string} zone */
export function dateIn(at, zone) {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(at);
}

/** @param {string} date @param {number} days */
export function plusDays(date, days) {
  const at = new Date(`${date}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/**
 * A bucket as charts name it.
 *
 * @param {{ start: string }} point @param {string} granularity @param {string} at
 */
export function bucket(point, granularity, at) {
  switch (granularity) {
    case 'hour':
      return {
        start: point.start,
        label: hour(point.start, at),
        long: `${dayLong(point.start, at)}, ${hour(point.start, at)}`,
      };
    case 'minute':
      return {
        start: point.start,
        label: hour(point.start, at),
        long: `${dayLong(point.start, at)}, ${hour(point.start, at)}`,
      };
    case 'month':
      return { start: point.start, label: monthOf(point.start, at), long: monthOf(point.start, at) };
    default:
      return { start: point.start, label: day(point.start, at), long: dayLong(point.start, at) };
  }
}
