/** Which stretch of time is looked at, out of the address. */
import { dateIn, plusDays } from './days.js';
import { day, dayLong } from './format.js';
import { param } from './router.js';
import { organization } from './session.js';

/**
 * @typedef {object} Span
 * @property {string} name as in the address
 * @property {string} from a date, or an instant
 * @property {string | undefined} to a date, or an instant; nothing for now
 * @property {'hour' | 'day' | 'month'} granularity
 * @property {string} zone
 * @property {string} words
 * @property {string} before what it is compared with
 */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MOST_DAYS_BY_DAY = 100;

/** The zone that days are cut in. */
export const zone = () => param('zone') || organization.value?.time_zone || 'UTC';

/** @returns {Span} */
export function span() {
  const name = param('range') || '30d';
  const at = zone();
  const now = new Date();
  const today = dateIn(now, at);
  switch (name) {
    case '24h': {
      const from = new Date(Math.floor(now.getTime() / HOUR) * HOUR - 23 * HOUR);
      return {
        name,
        from: from.toISOString(),
        to: undefined,
        granularity: 'hour',
        zone: at,
        words: 'the last 24 hours',
        before: 'the 24 hours before',
      };
    }
    case '7d':
      return {
        name,
        from: plusDays(today, -6),
        to: undefined,
        granularity: 'day',
        zone: at,
        words: 'the last 7 days',
        before: 'the 7 days before',
      };
    case 'month':
      return {
        name,
        from: `${today.slice(0, 8)}01`,
        to: undefined,
        granularity: 'day',
        zone: at,
        words: 'this month',
        before: 'as long before',
      };
    case '90d':
      return {
        name,
        from: plusDays(today, -89),
        to: undefined,
        granularity: 'day',
        zone: at,
        words: 'the last 90 days',
        before: 'the 90 days before',
      };
    case 'custom':
      return custom(at, today);
    default:
      return {
        name: '30d',
        from: plusDays(today, -29),
        to: undefined,
        granularity: 'day',
        zone: at,
        words: 'the last 30 days',
        before: 'the 30 days before',
      };
  }
}

/** @param {string} at @param {string} today @returns {Span} */
function custom(at, today) {
  const from = /^\d{4}-\d{2}-\d{2}$/.test(param('from')) ? param('from') : plusDays(today, -29);
  const last = /^\d{4}-\d{2}-\d{2}$/.test(param('to')) ? param('to') : today;
  const end = last < from ? from : last;
  const days = (Date.parse(end) - Date.parse(from)) / DAY + 1;
  return {
    name: 'custom',
    from,
    to: plusDays(end, 1),
    granularity: days <= 2 ? 'hour' : days <= MOST_DAYS_BY_DAY ? 'day' : 'month',
    zone: at,
    words: `${day(from)} – ${dayLong(end)}`,
    before: 'as long before',
  };
}
