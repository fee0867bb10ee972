// Small helps for the keyboard and the eye. Everything works without them.
'use strict'

// `/` goes to the search box, unless somebody is writing.
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || event.ctrlKey || event.metaKey || event.altKey) return
  if (event.target.closest('input, select, textarea')) return
  const box = document.querySelector('[data-find]')
  if (box) {
    event.preventDefault()
    box.focus()
    box.select()
  }
})

// Escape closes the menu.
document.addEventListener('keydown', (event) => {
  if (event.key !== 'Escape') return
  for (const menu of document.querySelectorAll('details.me[open]')) {
    menu.open = false
    menu.querySelector('summary').focus()
  }
})

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-print]')) window.print()
})

// A piece of a page that could not be fetched: say so, and that nothing was changed.
const trouble = (show) => {
  const line = document.getElementById('trouble')
  if (line) line.hidden = !show
}
for (const name of ['htmx:responseError', 'htmx:sendError', 'htmx:timeout']) {
  document.addEventListener(name, () => trouble(true))
}
document.addEventListener('htmx:beforeRequest', () => trouble(false))

// A piece of a page was replaced. What was in hand is gone with it: its follower takes the focus, a form its first
// field; not where the page replaced all of itself while nobody did anything. What is said of a list is said aloud,
// from a line that stays.
document.addEventListener('htmx:afterSettle', (event) => {
  const piece = event.detail.elt
  if (document.activeElement === document.body && piece.id !== 'main') {
    const follower = piece.querySelector('form select, form input:not([type=hidden]), a, button') ?? piece
    if (follower === piece) piece.tabIndex = -1
    follower.focus()
  }
  const said = document.getElementById('said')
  if (said) said.textContent = piece.querySelector('[data-said]')?.textContent ?? ''
})

// On a narrow screen the place one is at stands in sight.
document.querySelector('.places [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' })

// How long a code still opens something.
for (const line of document.querySelectorAll('[data-until]')) {
  const until = Date.parse(line.dataset.until)
  const tick = () => {
    const left = Math.max(0, Math.round((until - Date.now()) / 1000))
    line.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} minutes left` : 'This code is over. Make a new one.'
    if (left) setTimeout(tick, 1000)
  }
  tick()
}
