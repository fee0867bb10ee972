// For those who hear the app or use a keyboard: when what was touched is gone with its page, they go on from the name
// of the next one.

/** Give focus that was lost to the first of these, which must be able to take it (`tabindex="-1"`). */
export function catchFocus(selector: string): void {
  if (document.activeElement === document.body) document.querySelector<HTMLElement>(selector)?.focus({ preventScroll: true })
}
