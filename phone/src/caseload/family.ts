// Families: a mother and her children. Nothing that is due for one of them depends on anybody else, so after a visit
// only her family is worked out anew.

import type { Said } from '@/schedule/tables'

export interface Family {
  clients: string[]
  said: Said[]
}

/** Everyone in the families of these clients, and all that is said of them; null when it is of too many to be worth it. */
export function familyOf(changed: string[], said: Said[], most: number): Family | null {
  const motherOf = new Map<string, string>()
  for (const { facts } of said) for (const { client, mother } of facts) if (mother) motherOf.set(client, mother)
  const head = (client: string) => motherOf.get(client) ?? client
  const heads = new Set(changed.map(head))
  if (heads.size > most) return null
  const theirs = said.filter(({ facts }) => facts.some(({ client }) => heads.has(head(client))))
  const clients = new Set([...changed, ...heads])
  for (const { facts } of theirs) for (const { client } of facts) clients.add(client)
  return { clients: [...clients], said: theirs }
}
