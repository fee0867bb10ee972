import { createApp } from 'vue'
import App from '@/App.vue'
import '@/look/base.css'
import { startWay } from '@/screens/way'
import { watchIdle } from '@/unlock/idle'
import { watchForUpdates } from '@/update'

startWay()
watchIdle()
watchForUpdates()
createApp(App).mount('#app')
