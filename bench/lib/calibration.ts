// What this machine does right now: rounds a second of a loop that is a little of everything the engine's threads do all day.

const MS = 300;

/** @returns rounds per second, on this thread. */
export function calibrate(): number {
  const until = performance.now() + MS;
  const startedAt = performance.now();
  let rounds = 0;
  let sink = 0;
  while (performance.now() < until) {
    for (let inner = 0; inner < 50; inner += 1) sink += oneRound(rounds + inner);
    rounds += 50;
  }
  if (!Number.isFinite(sink)) throw new Error('the loop computed nonsense');
  return (rounds * 1_000) / (performance.now() - startedAt);
}

/** Text to JSON and back, bytes copied and summed, entries of a map that come and go. */
function oneRound(seed: number): number {
  const value = { id: `w-${seed}`, step: seed & 7, list: [seed, seed + 1, seed + 2], inner: { ok: true } };
  const text = JSON.stringify(value);
  const back = JSON.parse(text) as typeof value;
  const bytes = new Uint8Array(512);
  for (let at = 0; at < text.length; at += 1) bytes[at] = text.charCodeAt(at);
  const copy = bytes.slice(0, text.length);
  let sum = 0;
  for (const byte of copy) sum = (sum * 31 + byte) | 0;
  const map = new Map<string, number>();
  for (const item of back.list) map.set(`${back.id}-${item}`, item);
  for (const key of map.keys()) if (key.endsWith('1')) map.delete(key);
  return sum + map.size;
}
