// The vocabulary of facts as the server publishes it: every kind, its values, its same-day rule.

export interface Kind {
  label: string
  value: 'none' | 'code' | 'integer' | 'decimal' | 'viral_load' | 'date' | 'text'
  same_day: 'order' | 'max' | 'last' | 'all'
  codes?: string[]
  open?: boolean
  required?: boolean
  empty_means?: string
  unit?: string
  minimum?: number | null
  maximum?: number | null
  decimals?: number
}

export interface Vocabulary {
  kinds: Record<string, Kind>
  roles: string[]
  sources: string[]
}

/** The kind of this name or of its family (`vaccine.*`), or undefined for one that this vocabulary does not know. */
export function kindNamed(words: Vocabulary, name: string): Kind | undefined {
  return words.kinds[name] ?? (name.includes('.') ? words.kinds[`${name.slice(0, name.indexOf('.'))}.*`] : undefined)
}
