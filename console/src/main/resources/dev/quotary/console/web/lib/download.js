/** Files out of the API, which are asked for with what signs the page's other requests. */
import { fetchSigned } from './api.js';

/**
 * @param {string} path
 * @param {import('./api.js').Query} query
 * @param {string} type that is accepted
 * @param {string} name of the file
 */
export async function download(path, query, type, name) {
  const response = await fetchSigned('GET', path, { query, headers: { Accept: type } });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
