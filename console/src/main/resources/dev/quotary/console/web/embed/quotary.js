/**
 * `<quotary-usage>`: what an end user has used, in any page.
 *
 *   <script type="module" src="https://quotary.example.com/embed/quotary.js"></script>
 *   <quotary-usage token="qt_…"></quotary-usage>
 *
 * One file without dependencies. Styles live in the element and are themed by CSS variables; a token goes in, no cookie is used. When the token has
 * expired, the element says so with an event `quotary-expired`, and goes on once it has another one.
 */

const REFRESH_MILLIS = 5_000;
const WARN_PERCENT = 75;
const CRITICAL_PERCENT = 90;
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

/** What an element does: ask the server as long as they are looked at, and show the answer. */
class QuotaryElement extends HTMLElement {
  static observedAttributes = ['token', 'server', 'heading'];

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

customElements.define('quotary-usage', QuotaryUsage);
