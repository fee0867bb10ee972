// What is published: forms, the protocol and the vocabulary, as the phone has them.

import type { Vocabulary } from '@/facts/vocabulary'
import type { FormContent } from '@/forms/engine'
import { Form } from '@/forms/model'
import type { Content } from '@/store/database'

export interface ProtocolItem {
  id: string
  /** The version of the protocol that it is of: several may be in force at once, with items of the same id. */
  rule: string
  label: string
  /** Steps of one series: the later supersedes the earlier. */
  series?: string
  /** Days after the due day on which it still is in time. */
  grace_days?: number
  /** Kinds of fact that do it. */
  done_by?: string[]
  /** The kind of result it hangs on; it is not named before that result was told. */
  follows?: string
}

export interface Protocol {
  id: string
  version: string | number
  title: string
  signed_off_by: string
  items: ProtocolItem[]
  statements: string[]
}

export interface Published {
  /** The newest version of every form. */
  forms: Map<string, FormContent>
  protocol: Protocol | null
  vocabulary: Vocabulary | null
  /** A form in the version in which a record was made. */
  version(form: string, version: string): Form | undefined
}

/** The items of all versions, found by what a row of the schedule says: its rule and its item. */
export class Items {
  private readonly known: Map<string, ProtocolItem>

  constructor(items: ProtocolItem[]) {
    this.known = new Map(items.map((item) => [nameOf(item.rule, item.id), item]))
  }

  of(row: { rule: string; item: string }): ProtocolItem | undefined {
    return this.known.get(nameOf(row.rule, row.item))
  }
}

function nameOf(rule: string, item: string): string {
  return `${rule} ${item}`
}

export function published(rows: Content[]): Published {
  const there = rows.filter((row) => row.body !== null)
  const forms = new Map<string, Content>()
  for (const row of there.filter((r) => r.kind === 'form')) {
    const newest = forms.get(row.name)
    if (!newest || isNewer(row, newest)) forms.set(row.name, row)
  }
  const versions = new Map<string, Form>()
  return {
    forms: new Map([...forms].map(([name, row]) => [name, row.body as FormContent])),
    protocol: (lastSeen(there, 'protocol')?.body ?? null) as Protocol | null,
    vocabulary: (lastSeen(there, 'vocabulary')?.body ?? null) as Vocabulary | null,
    version(form, version) {
      const name = `${form} ${version}`
      const row = there.find((r) => r.kind === 'form' && r.name === form && r.version === version)
      if (row && !versions.has(name)) versions.set(name, new Form((row.body as FormContent).form))
      return versions.get(name)
    },
  }
}

/** Versions are dates, perhaps with a number after them: 2026-11-20 before 2026-11-20.2 before 2026-11-20.10. */
function isNewer(a: Content, b: Content): boolean {
  return a.version.localeCompare(b.version, 'en', { numeric: true }) > 0
}

function lastSeen(rows: Content[], kind: string): Content | undefined {
  return rows.filter((r) => r.kind === kind).sort((a, b) => b.seen - a.seen)[0]
}
