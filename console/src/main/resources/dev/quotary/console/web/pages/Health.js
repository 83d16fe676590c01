import { html, useEffect, useState } from '../lib/html.js';

const PAUSE_MILLIS = 15_000;

/** Whether the server can do its work now. */
export function Health() {
  const [state, setState] = useState('unknown');
  useEffect(() => {
    let stopped = false;
    async function ask() {
      try {
        const response = await fetch('/readyz');
        !stopped && setState(response.ok ? 'good' : 'bad');
      } catch {
        !stopped && setState('away');
      }
    }
    ask();
    const timer = setInterval(ask, PAUSE_MILLIS);
    return () => {
      stopped = true;
      clearInterval(timer);
    };
  }, []);
  const [word, note] = {
    good: ['Ready', 'Deciding and recording'],
    bad: ['Not ready', 'The store does not answer'],
    away: ['Not reachable', 'The server does not answer'],
    unknown: ['…', 'Asking the server'],
  }[state];
  return html`<div class="health" data-state=${state} role="status"><i></i>${word}<small>${note}</small></div>`;
}
