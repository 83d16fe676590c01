// Starts what the checks need as processes of the packaged command, the way users start it.
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../quotary', import.meta.url));
const ADMIN_KEY = 'qk_admin_91c5d0a7e3b84f26a1';
const START_MILLIS = 30_000;

const CONFIGURATION = (provider) => `
server: { host: 127.0.0.1, port: 0 }
providers:
  openai: { kind: openai, base_url: "${provider}", api_key: "sk-provider" }
  anthropic: { kind: anthropic, base_url: "${provider}", api_key: "sk-provider" }
  gemini: { kind: gemini, base_url: "${provider}", api_key: "sk-provider" }
apply: [ plans.yaml ]
`;

const PLANS = `
plans:
  - key: free
    limits:
      - { key: tokens, meter: tokens, per: subject, window: month, max: 100000 }
      - { key: one-at-a-time, meter: requests, per: subject, window: in-flight, max: 1, where: { feature: alone } }
organizations:
  - { key: acme, plan: free }
`;

/** A simulated provider, a counter before it, and a server that forwards to both. */
export async function start() {
  const folder = await mkdtemp(path.join(tmpdir(), 'quotary-clients-'));
  const stops = [() => rm(folder, { recursive: true })];
  const stop = async () => {
    for (const each of stops.reverse()) await each();
  };
  try {
    const simulated = run(['simulated-provider', '--port', '0'], folder);
    stops.push(simulated.stop);
    const provider = await counter(new URL(await simulated.line('simulated provider on ')));
    stops.push(provider.stop);
    await writeFile(path.join(folder, 'quotary.yaml'), CONFIGURATION(provider.url));
    await writeFile(path.join(folder, 'plans.yaml'), PLANS);
    const server = run(['serve'], folder);
    stops.push(server.stop);
    const url = await server.line('quotary on ');
    return {
      url,
      provider,
      newKey: (subject) => newKey(url, { role: 'subject', subject }),
      serviceKey: () => newKey(url, { role: 'service' }),
      apply: (plans) => apply(url, plans),
      stop,
    };
  } catch (e) {
    await stop();
    throw e;
  }
}

async function apply(url, plans) {
  const response = await fetch(`${url}/api/v1/apply`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/yaml' },
    body: plans,
  });
  if (response.status !== 200) throw new Error(`not applied: ${response.status} ${await response.text()}`);
}

async function newKey(url, whose) {
  const response = await fetch(`${url}/api/v1/keys`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify({ organization: 'acme', name: 'check', ...whose }),
  });
  if (response.status !== 201) throw new Error(`no key: ${response.status} ${await response.text()}`);
  return (await response.json()).secret;
}

function run(args, folder) {
  const env = { ...process.env, QUOTARY_NO_BUILD: '1', QUOTARY_ADMIN_KEY: ADMIN_KEY };
  const child = spawn(COMMAND, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  let said = '';
  const listeners = new Set();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      said += text;
      listeners.forEach((listener) => listener());
    });
  }
  /** What follows this beginning on the first line that has it. */
  const line = (beginning) =>
    new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`no line '${beginning}' in: ${said}`)), START_MILLIS);
      const look = () => {
        // Only whole lines: the rest of one may still be on its way.
        const found = said.split('\n').slice(0, -1).find((each) => each.startsWith(beginning));
        if (found === undefined) return;
        clearTimeout(timer);
        listeners.delete(look);
        resolve(found.slice(beginning.length).trim());
      };
      listeners.add(look);
      child.once('exit', (code) => reject(new Error(`${args[0]} ended with ${code}: ${said}`)));
      look();
    });
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  return { line, stop };
}

/** Passes everything on and counts the calls. */
async function counter(target) {
  const counted = { calls: 0 };
  const server = http.createServer((request, response) => {
    if (request.method === 'POST') counted.calls++;
    const options = { host: target.hostname, port: target.port, method: request.method, path: request.url };
    const onward = http.request({ ...options, headers: request.headers }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  counted.url = `http://127.0.0.1:${server.address().port}`;
  counted.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return counted;
}
