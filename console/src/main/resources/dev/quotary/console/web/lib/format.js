/** Numbers, money and times in the viewer's own way of writing them. */

const LOCALE = navigator.language || 'en-US';

/** @param {Intl.NumberFormatOptions} options */
const number = (options) => new Intl.NumberFormat(LOCALE, options);

const WHOLE = number({ maximumFractionDigits: 0 });
const SHORT = number({ notation: 'compact', maximumFractionDigits: 1 });
const CENTS = number({ style: 'currency', currency: 'USD' });
const DOLLARS = number({ style: 'currency', currency: 'USD', maximumFractionDigits: 0 });
const SHORT_DOLLARS = number({ style: 'currency', currency: 'USD', notation: 'compact', maximumFractionDigits: 1 });
const FINE = number({ style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: 12 });
const PER_CENT = number({ style: 'percent', maximumFractionDigits: 0 });
const PER_CENT_FINE = number({ style: 'percent', maximumFractionDigits: 1 });

/**
 * For bars and headlines; exact amounts are shown as the server writes them.
 *
 * @param {string | number | null | undefined} amount
 */
export function toNumber(amount) {
  return amount === null || amount === undefined ? 0 : Number(amount);
}

/** @param {string | number | null | undefined} amount */
export const integer = (amount) => WHOLE.format(toNumber(amount));
/** @param {string | number | null | undefined} amount */
export const short = (amount) =>
  Math.abs(toNumber(amount)) < 100_000 ? integer(amount) : SHORT.format(toNumber(amount));
/** @param {string | number | null | undefined} amount */
export const money = (amount) => CENTS.format(toNumber(amount));
/** @param {string | number | null | undefined} amount */
export const dollars = (amount) => DOLLARS.format(toNumber(amount));

/**
 * Every digit of an amount of money.
 *
 * @param {string | number | null | undefined} amount
 */
export function exactMoney(amount) {
  // The formatter takes decimal text as it is, so that no digit passes through a binary fraction.
  return FINE.format(/** @type {any} */ (String(amount ?? '0')));
}

/**
 * As many decimals as an amount needs to say something: cents, or of less than a dollar four.
 *
 * @param {string | number | null | undefined} amount
 */
export function smallMoney(amount) {
  const value = toNumber(amount);
  if (value === 0 || Math.abs(value) >= 1) {
    return money(value);
  }
  const digits = Math.abs(value) < 0.0001 ? 8 : 4;
  return number({ style: 'currency', currency: 'USD', minimumFractionDigits: 2, maximumFractionDigits: digits }).format(
    value,
  );
}

/** @param {number} share of 1 */
export function percent(share) {
  if (share > 0 && share < 0.001) {
    return `<${PER_CENT_FINE.format(0.001)}`;
  }
  const fine = share > 0 && share < 0.1 && Math.round(share * 100) !== share * 100;
  return (fine ? PER_CENT_FINE : PER_CENT).format(share);
}

/**
 * An amount of a meter, short enough for a headline.
 *
 * @param {string} meter
 * @param {string | number | null | undefined} value
 */
export const amount = (meter, value) => (meter === 'cost' ? smallMoney(value) : short(value));

/**
 * An amount of a meter, beside an axis: with as many decimals as all others beside it.
 *
 * @param {string} meter
 * @param {number} value
 * @param {number} step from one to the next
 */
export function axis(meter, value, step) {
  if (meter !== 'cost') {
    return SHORT.format(value);
  }
  if (value >= 10_000) {
    return SHORT_DOLLARS.format(value);
  }
  return value === 0 || Number.isInteger(step) ? dollars(value) : smallMoney(value);
}

/** @param {Intl.DateTimeFormatOptions} options */
function time(options) {
  /** @type {Map<string, Intl.DateTimeFormat>} */
  const formats = new Map();
  /**
   * @param {string | number | Date} at
   * @param {string} [zone]
   */
  return (at, zone = 'UTC') => {
    let format = formats.get(zone);
    if (!format) {
      format = new Intl.DateTimeFormat(LOCALE, { timeZone: zone, ...options });
      formats.set(zone, format);
    }
    return format.format(new Date(at));
  };
}

export const day = time({ day: 'numeric', month: 'short' });
export const dayLong = time({ weekday: 'short', day: 'numeric', month: 'short', year: 'numeric' });
export const monthOf = time({ month: 'short', year: 'numeric' });
export const hour = time({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
export const clock = time({ hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23' });
export const moment = time({
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** @param {number} millis */
export function span(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (days > 0) {
    return `${days}d ${hours % 24}h`;
  }
  if (hours > 0) {
    return `${hours}h ${minutes % 60}m`;
  }
  return minutes > 0 ? `${minutes}m ${seconds % 60}s` : `${seconds}s`;
}

/** @param {string | null | undefined} at */
export function ago(at) {
  if (!at) {
    return 'never';
  }
  const millis = Date.now() - new Date(at).getTime();
  return millis < 60_000 ? 'just now' : `${span(millis).split(' ')[0]} ago`;
}

/** @param {number} millis */
export function latency(millis) {
  return millis < 1000 ? `${Math.round(millis)} ms` : `${(millis / 1000).toFixed(1)} s`;
}
