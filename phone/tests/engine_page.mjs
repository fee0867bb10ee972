// Builds engine_page.html, as the app is built, into the folder that is named.

import { build } from 'vite'
import app from '../vite.config.ts'

const { target, assetsInlineLimit } = app.build
await build({
  root: import.meta.dirname,
  base: './',
  configFile: false,
  logLevel: 'error',
  resolve: app.resolve,
  define: app.define,
  build: { target, assetsInlineLimit, outDir: process.argv[2], rolldownOptions: { input: `${import.meta.dirname}/engine_page.html` } },
})
