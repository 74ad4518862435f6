// `node --import ./scripts/ts.mjs FILE.ts`: lets Node 20 run our benches and examples, which are TypeScript.
// Worker threads inherit it. The package itself never needs it: it is built.
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
