// Runs engine.ts in Node, with the app's own modules.

import { fileURLToPath } from 'node:url'
import { runnerImport } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
await runnerImport('./tests/engine.ts', {
  root,
  configFile: false,
  logLevel: 'error',
  resolve: { alias: { '@': `${root}src` } },
  define: { __APP_VERSION__: '"test"' },
})
process.exit(0)
