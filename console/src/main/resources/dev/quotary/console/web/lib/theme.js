import { signal } from './html.js';

export const theme = signal(document.documentElement.dataset.theme ?? 'light');

export function switchTheme() {
  theme.value = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset.theme = theme.value;
  try {
    localStorage.setItem('quotary.theme', theme.value);
  } catch {
    // Then it lasts as long as the page.
  }
}
