import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import { VitePWA } from 'vite-plugin-pwa'
import { defineConfig } from 'vitest/config'
import about from './package.json' with { type: 'json' }

/**
 * Warnings that we have looked into and that change nothing here; any other is shown.
 * The form engine carries a parser whose loader would evaluate scripts of plug-ins that bring some. Ours brings none,
 * and the server's Content-Security-Policy allows no eval. @hpke asks for Node's `crypto` where a browser has none.
 */
function isHarmless({ code, id, message }: { code?: string; id?: string; message: string }): boolean {
  const isEval = code === 'EVAL' && Boolean(id?.includes('@getodk/xforms-engine') || message.includes('@getodk/xforms-engine'))
  return isEval || (message.includes('Module "crypto" has been externalized') && message.includes('@hpke/common'))
}

// The app lives below /phone/ of the programme's own server; nothing is fetched from anywhere else.
export default defineConfig({
  base: '/phone/',
  define: { __APP_VERSION__: JSON.stringify(about.version) },
  // Chromium of March 2023: what the oldest phones in the field still update to.
  build: {
    target: 'chrome111',
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
    // How long plugins take says nothing of the app.
    rolldownOptions: {
      checks: { pluginTimings: false, bundlerTimings: false },
      onLog: (level, log, say) => isHarmless(log) || say(level, log),
    },
  },
  worker: { format: 'es' },
  plugins: [
    vue(),
    VitePWA({
      // 'prompt': a new version never reloads the app under a form that is being filled.
      registerType: 'prompt',
      injectRegister: null,
      manifest: {
        id: '/phone/',
        name: 'Daybook',
        short_name: 'Daybook',
        description: 'Daybook',
        lang: 'en',
        start_url: '/phone/',
        scope: '/phone/',
        display: 'standalone',
        orientation: 'any',
        background_color: '#faf8f4',
        theme_color: '#0e5a5b',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png', purpose: 'any' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'any' },
          { src: 'icon-mask-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{html,js,css,wasm,svg,png}'],
        // sqlite-wasm brings helpers for storage in files, which we do not use.
        globIgnores: ['**/sqlite3-opfs-async-proxy*', '**/sqlite3-worker1*'],
        maximumFileSizeToCacheInBytes: 4 * 1024 * 1024,
        navigateFallback: 'index.html',
        cleanupOutdatedCaches: true,
      },
    }),
  ],
  resolve: { alias: { '@': fileURLToPath(new URL('./src', import.meta.url)) } },
  test: {
    include: ['tests/**/*.test.ts'],
    environment: 'node',
  },
})
