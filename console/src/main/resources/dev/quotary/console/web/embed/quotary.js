/**
 * `<quotary-usage>` and `<quotary-chart>`: what an end user has used, in any page.
 *
 *   <script type="module" src="https://quotary.example.com/embed/quotary.js"></script>
 *   <quotary-usage token="qt_…"></quotary-usage>
 *   <quotary-chart token="qt_…" meter="cost" by="model" days="30"></quotary-chart>
 *
 * One file without dependencies. Styles live in the element and are themed by CSS variables; a token goes in, no cookie is used. When the token has
 * expired, the element says so with an event `quotary-expired`, and goes on once it has another one.
 */

const REFRESH_MILLIS = 5_000;
const WARN_PERCENT = 75;
const CRITICAL_PERCENT = 90;
const CHART = { width: 640, height: 180, left: 44, bottom: 20, top: 8 };
const COLORS = ['#5b5bd6', '#12a594', '#f2a20c', '#e54580', '#2d8cf0', '#7fb024', '#a1662f', '#8e4ec6'];
const METERS = {
  requests: 'Requests',
  tokens: 'Tokens',
  'tokens.input': 'Input tokens',
  'tokens.output': 'Output tokens',
  cost: 'Spend',
};
const WINDOWS = {
  minute: 'this minute',
  hour: 'this hour',
  day: 'today',
  week: 'this week',
  month: 'this month',
  'billing-period': 'this billing period',
  lifetime: 'in all',
  'in-flight': 'at a time',
};

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host {
    display: block;
    container-type: inline-size;
    font: 14px/1.45 var(--quotary-font, system-ui, -apple-system, 'Segoe UI', sans-serif);
    color: var(--quotary-text, light-dark(#12161c, #eceef2));
    --muted: var(--quotary-muted, light-dark(#5b6472, #9aa3b2));
    --track: var(--quotary-track, light-dark(#e9ecf0, #242932));
    --ok: var(--quotary-ok, light-dark(#1fa573, #2fae76));
    --warn: var(--quotary-warn, light-dark(#e79a13, #e8a52c));
    --crit: var(--quotary-critical, light-dark(#ea6a1f, #f0762c));
    --bad: var(--quotary-exceeded, light-dark(#dc3550, #ea4a62));
    --accent: var(--quotary-accent, light-dark(#5b5bd6, #8583f5));
    --on-accent: var(--quotary-on-accent, light-dark(#fff, #0e0f2b));
  }
  :host([theme='light']) { color-scheme: light; }
  :host([theme='dark']) { color-scheme: dark; }
  .box {
    background: var(--quotary-background, light-dark(#fff, #13161c));
    border: 1px solid var(--quotary-line, light-dark(#e4e7ec, #242932));
    border-radius: var(--quotary-radius, 14px);
    padding: 16px 18px;
  }
  h2 { font-size: 15px; font-weight: 600; margin: 0 0 12px; }
  ul { list-style: none; margin: 0; padding: 0; display: grid; gap: 16px; }
  .row { display: flex; justify-content: space-between; gap: 12px; font-variant-numeric: tabular-nums; }
  .row span:last-child, small { color: var(--muted); }
  b { font-weight: 600; }
  small { display: block; font-size: 12px; }
  .bar { height: 8px; border-radius: 4px; background: var(--track); overflow: hidden; margin: 6px 0 4px; }
  .bar i { display: block; height: 100%; border-radius: 4px; background: var(--ok); transition: width 0.5s; }
  .warn i { background: var(--warn); }
  .crit i { background: var(--crit); }
  .bad i { background: var(--bad); }
  .unlimited i { width: 100%; opacity: 0.35; }
  .note { display: flex; align-items: center; gap: 12px; margin-top: 16px; padding: 10px 12px; border-radius: 10px;
    background: color-mix(in srgb, var(--crit) 14%, transparent); }
  .note span { flex: 1; }
  .note a { background: var(--accent); color: var(--on-accent); border-radius: 8px; padding: 6px 12px; font-weight: 600; text-decoration: none; }
  .quiet { color: var(--muted); margin: 0; }
  svg { display: block; width: 100%; height: auto; overflow: visible; }
  svg text { fill: var(--muted); font-size: 11px; }
  svg line { stroke: var(--track); }
  .legend { display: flex; flex-wrap: wrap; gap: 4px 14px; margin-top: 10px; font-size: 12.5px; color: var(--muted); }
  .legend i { display: inline-block; width: 9px; height: 9px; border-radius: 3px; margin-right: 6px; }
  @media (prefers-reduced-motion: reduce) { .bar i { transition: none; } }
`);

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 });
const dollars = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD' });
const cents = new Intl.NumberFormat(undefined, { style: 'currency', currency: 'USD', maximumFractionDigits: 4 });

/** @param {string} meter @param {unknown} value */
function shown(meter, value) {
  const number = Number(value ?? 0);
  if (meter === 'cost') {
    return number > 0 && number < 1 ? cents.format(number) : dollars.format(number);
  }
  return Math.abs(number) < 100_000 ? whole.format(number) : compact.format(number);
}

/**
 * An element with text and children; text is never read as HTML.
 *
 * @param {string} tag @param {Record<string, string>} attributes @param {(Node | string)[]} children
 */
function element(tag, attributes = {}, ...children) {
  const node =
    tag === 'svg' || SVG.has(tag)
      ? document.createElementNS('http://www.w3.org/2000/svg', tag)
      : document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    node.setAttribute(name, value);
  }
  node.append(...children);
  return node;
}
const SVG = new Set(['path', 'rect', 'line', 'text', 'g']);

/** What both elements do: ask the server as long as they are looked at, and show the answer. */
class QuotaryElement extends HTMLElement {
  static observedAttributes = ['token', 'server', 'meter', 'by', 'days', 'heading'];

  #timer = 0;
  #box = element('div', { class: 'box', part: 'box' });

  constructor() {
    super();
    const root = this.attachShadow({ mode: 'open' });
    root.adoptedStyleSheets = [sheet];
    root.append(this.#box);
    this.show(element('p', { class: 'quiet' }, 'Loading…'));
  }

  connectedCallback() {
    this.#timer = setInterval(() => !document.hidden && this.refresh(), REFRESH_MILLIS);
    this.refresh();
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }

  attributeChangedCallback() {
    if (this.isConnected) {
      this.refresh();
    }
  }

  /** @param {Node[]} nodes */
  show(...nodes) {
    this.#box.replaceChildren(...nodes);
  }

  /** @param {string} path */
  async ask(path) {
    const server = this.getAttribute('server') ?? new URL(import.meta.url).origin;
    const response = await fetch(new URL(path, server), {
      headers: { Authorization: `Bearer ${this.getAttribute('token')}` },
      credentials: 'omit',
    });
    if (response.status === 401) {
      this.dispatchEvent(new CustomEvent('quotary-expired', { bubbles: true, composed: true }));
      throw new Error('This view has expired. Load the page again.');
    }
    if (!response.ok) {
      throw new Error('The usage cannot be shown now.');
    }
    return response.json();
  }

  async refresh() {
    if (!this.getAttribute('token')) {
      return;
    }
    try {
      this.show(...this.draw(await this.ask(this.path())));
    } catch (failure) {
      const text =
        failure instanceof TypeError ? 'The usage cannot be loaded now.' : String(/** @type {any} */ (failure).message);
      this.show(element('p', { class: 'quiet', role: 'status' }, text));
    }
  }

  /** What to ask for. */
  path() {
    return '';
  }

  /** What to show of the answer. @param {any} _answer @returns {Node[]} */
  draw(_answer) {
    return [];
  }

  /** @param {string} otherwise */
  heading(otherwise) {
    const text = this.getAttribute('heading') ?? otherwise;
    return text ? [element('h2', {}, text)] : [];
  }
}

class QuotaryUsage extends QuotaryElement {
  path() {
    return '/api/v1/usage/status';
  }

  draw(status) {
    const near = status.limits
      .filter((limit) => !limit.unlimited && limit.percent >= WARN_PERCENT)
      .sort((one, other) => other.percent - one.percent)[0];
    return [
      ...this.heading('Your usage'),
      status.limits.length === 0
        ? element('p', { class: 'quiet' }, 'Nothing is limited.')
        : element('ul', {}, ...status.limits.map(row)),
      ...(near ? [note(near, status.upgrade_url)] : []),
    ];
  }
}

function row(limit) {
  const name = `${METERS[limit.meter] ?? limit.meter} ${WINDOWS[limit.window] ?? limit.window}`;
  const share = limit.unlimited ? 1 : Math.min(1, limit.percent / 100);
  const tone = limit.unlimited
    ? 'unlimited'
    : limit.percent >= 100
      ? 'bad'
      : limit.percent >= CRITICAL_PERCENT
        ? 'crit'
        : limit.percent >= WARN_PERCENT
          ? 'warn'
          : 'ok';
  const count = `${shown(limit.meter, limit.used)} / ${limit.unlimited ? 'unlimited' : shown(limit.meter, limit.max)}`;
  const bar = element('div', {
    class: `bar ${tone}`,
    role: limit.unlimited ? 'img' : 'meter',
    'aria-label': name,
    ...(limit.unlimited
      ? {}
      : {
          'aria-valuemin': '0',
          'aria-valuemax': '100',
          'aria-valuenow': String(Math.min(100, Math.round(limit.percent))),
          'aria-valuetext': count,
        }),
  });
  const fill = element('i');
  if (!limit.unlimited) {
    /** @type {any} */ (fill).style.width = `${share * 100}%`;
  }
  bar.append(fill);
  const left = limit.unlimited
    ? 'No limit'
    : limit.percent >= 100
      ? 'Limit reached'
      : `${shown(limit.meter, limit.remaining)} left · ${Math.floor(limit.percent)}% used`;
  return element(
    'li',
    {},
    element('div', { class: 'row' }, element('b', {}, name), element('span', {}, count)),
    bar,
    element('small', {}, left),
  );
}

function note(limit, upgrade) {
  const name = `${(METERS[limit.meter] ?? limit.meter).toLowerCase()} ${WINDOWS[limit.window] ?? ''}`;
  const box = element(
    'div',
    { class: 'note', role: 'status' },
    element(
      'span',
      {},
      limit.percent >= 100 ? `You have reached your limit of ${name}.` : `You are close to your limit of ${name}.`,
    ),
  );
  if (upgrade && /^(https?:\/\/|\/(?!\/))/.test(upgrade)) {
    box.append(element('a', { href: upgrade, part: 'upgrade' }, 'Upgrade'));
  }
  return box;
}

class QuotaryChart extends QuotaryElement {
  meter() {
    return this.getAttribute('meter') ?? 'cost';
  }

  path() {
    const days = Math.min(366, Math.max(1, Number(this.getAttribute('days') ?? 30) || 30));
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const from = new Date(Date.now() - (days - 1) * 86_400_000).toLocaleDateString('en-CA', { timeZone: zone });
    const query = new URLSearchParams({
      meter: this.meter(),
      from,
      granularity: 'day',
      time_zone: zone,
      group_by: this.getAttribute('by') ?? 'model',
      top: '7',
    });
    return `/api/v1/usage/query?${query}`;
  }

  draw(answer) {
    const meter = this.meter();
    const series = answer.series.map((one, i) => ({
      name: one.other
        ? 'Others'
        : Object.values(one.group)
            .map((value) => value || 'none')
            .join(' / '),
      color: one.other ? '#a9b1bd' : COLORS[i % COLORS.length],
      total: one.total[meter],
      values: one.points.map((point) => Number(point.values[meter] ?? 0)),
    }));
    const days = answer.series[0]?.points.map((point) => point.start) ?? [];
    if (days.length === 0 || series.every((one) => Number(one.total) === 0)) {
      return [...this.heading(METERS[meter] ?? meter), element('p', { class: 'quiet' }, 'Nothing was used yet.')];
    }
    return [...this.heading(METERS[meter] ?? meter), bars(series, days, meter), legend(series, meter)];
  }
}

/** To a number that halves nicely. @param {number} value */
function roundUp(value) {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 6, 8, 10].find((factor) => value <= factor * power) ?? 10) * power;
}

/** @param {string} meter @param {number} value */
function axis(meter, value) {
  return meter === 'cost' && value >= 10 ? `$${compact.format(value)}` : shown(meter, value);
}

function bars(series, days, meter) {
  const totals = days.map((_, i) => series.reduce((sum, one) => sum + one.values[i], 0));
  const top = roundUp(Math.max(...totals));
  const inner = { width: CHART.width - CHART.left, height: CHART.height - CHART.top - CHART.bottom };
  const y = (value) => CHART.top + inner.height * (1 - value / top);
  const band = inner.width / days.length;
  const date = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
  const sum = totals.reduce((one, other) => one + other, 0);
  const svg = element('svg', {
    viewBox: `0 0 ${CHART.width} ${CHART.height}`,
    role: 'img',
    'aria-label': `${METERS[meter] ?? meter}: ${shown(meter, sum)} in ${days.length} days`,
  });
  for (const value of [0, top / 2, top]) {
    svg.append(
      element('line', { x1: String(CHART.left), x2: String(CHART.width), y1: String(y(value)), y2: String(y(value)) }),
    );
    svg.append(
      element('text', { x: String(CHART.left - 8), y: String(y(value) + 4), 'text-anchor': 'end' }, axis(meter, value)),
    );
  }
  days.forEach((_, i) => {
    let below = 0;
    for (const one of series) {
      const height = y(below) - y(below + one.values[i]);
      svg.append(
        element('rect', {
          x: String(CHART.left + i * band + band * 0.12),
          y: String(y(below + one.values[i])),
          width: String(band * 0.76),
          height: String(Math.max(0, height)),
          fill: one.color,
        }),
      );
      below += one.values[i];
    }
  });
  for (const i of [0, Math.floor((days.length - 1) / 2), days.length - 1]) {
    svg.append(
      element(
        'text',
        {
          x: String(CHART.left + (i + 0.5) * band),
          y: String(CHART.height - 4),
          'text-anchor': i === 0 ? 'start' : i === days.length - 1 ? 'end' : 'middle',
        },
        date.format(new Date(days[i])),
      ),
    );
  }
  return svg;
}

function legend(series, meter) {
  return element(
    'div',
    { class: 'legend' },
    ...series.map((one) => {
      const mark = element('i');
      /** @type {any} */ (mark).style.background = one.color;
      return element('span', {}, mark, `${one.name} `, element('b', {}, shown(meter, one.total)));
    }),
  );
}

customElements.define('quotary-usage', QuotaryUsage);
customElements.define('quotary-chart', QuotaryChart);
