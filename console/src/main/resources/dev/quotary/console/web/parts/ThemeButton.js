import { html } from '../lib/html.js';
import { switchTheme, theme } from '../lib/theme.js';
import { Icon } from './Icon.js';

export function ThemeButton() {
  const dark = theme.value === 'dark';
  return html`<button
    class="button icon"
    type="button"
    aria-label=${dark ? 'Switch to light' : 'Switch to dark'}
    onClick=${switchTheme}
  >
    <${Icon} name=${dark ? 'sun' : 'moon'} />
  </button>`;
}
