/** The product's words as people read them. */

const METERS = new Map([
  ['requests', 'Requests'],
  ['tokens', 'Tokens'],
  ['tokens.input', 'Input tokens'],
  ['tokens.output', 'Output tokens'],
  ['cost', 'Spend'],
]);

/** @param {string} meter */
export function meterName(meter) {
  const known = METERS.get(meter);
  if (known) {
    return known;
  }
  const text = meter.replaceAll(/[_.-]+/g, ' ');
  return text.charAt(0).toUpperCase() + text.slice(1);
}

const WINDOWS = new Map([
  ['minute', 'per minute'],
  ['hour', 'per hour'],
  ['day', 'per day'],
  ['week', 'per week'],
  ['month', 'per month'],
  ['billing-period', 'per billing period'],
  ['lifetime', 'in all'],
  ['in-flight', 'at a time'],
]);

/** @param {string} window */
export const windowName = (window) => WINDOWS.get(window) ?? window;

/**
 * @typedef {'ok' | 'near' | 'warn' | 'crit' | 'bad' | 'idle'} Tone
 * @typedef {{ tone: Tone, icon: string, word: string }} State
 */

/**
 * How a limit stands, in a colour, an icon and a word: never the colour alone.
 *
 * @param {{ state: string, percent: number, unlimited: boolean }} limit
 * @returns {State}
 */
export function limitState(limit) {
  if (limit.unlimited) {
    return { tone: 'ok', icon: 'infinite', word: 'Unlimited' };
  }
  switch (limit.state) {
    case 'exceeded':
      return { tone: 'bad', icon: 'stop', word: 'Exceeded' };
    case 'throttled':
      return { tone: 'crit', icon: 'clock', word: 'Throttled' };
    case 'overage':
      return { tone: 'crit', icon: 'warn', word: 'Overage' };
    case 'grace':
      return { tone: 'crit', icon: 'clock', word: 'Grace' };
    case 'shadow':
      return { tone: 'idle', icon: 'eye', word: 'Shadow' };
    default:
      return byPercent(limit.percent);
  }
}

/**
 * @param {number} percent
 * @returns {State}
 */
export function byPercent(percent) {
  if (percent >= 100) {
    return { tone: 'bad', icon: 'stop', word: 'Exceeded' };
  }
  if (percent >= 90) {
    return { tone: 'crit', icon: 'warn', word: 'Over 90%' };
  }
  if (percent >= 75) {
    return { tone: 'warn', icon: 'warn', word: 'Over 75%' };
  }
  return { tone: 'ok', icon: 'check', word: percent >= 50 ? 'Over 50%' : 'OK' };
}

/** @param {string} scope such as `subject:ada` */
export function scopeName(scope) {
  const kind = scope.split(':')[0] ?? scope;
  return (
    {
      organization: 'whole organization',
      subject: 'this subject',
      key: 'each API key',
      session: 'each session',
      workflow: 'each workflow',
      network: 'each network',
    }[kind] ?? kind
  );
}

/**
 * What limits count, in one line.
 *
 * @param {{ meter: string, window: string, sliding?: boolean }} limit
 */
export function counted(limit) {
  return `${meterName(limit.meter)} ${windowName(limit.window)}${limit.sliding ? ', sliding' : ''}`;
}
