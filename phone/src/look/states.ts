// Each state has a colour, an icon and words; here are the first two. Words follow from the days (words/tasks.ts).

import type { IconName } from '@/look/icons'
import type { State } from '@/caseload/today'

/** Class that gives the colour. */
export const TONES: Record<State, string> = { due: 'due', overdue: 'overdue', defaulted: 'missed', lost: 'beyond' }

const ICON_OF: Record<string, IconName> = {
  'art.dispense': 'pill',
  'art.start': 'pill',
  'anc.contact': 'heart',
  'pnc.contact': 'heart',
  'eid.sample': 'drop',
  'antibody.test': 'drop',
  'hiv.test': 'drop',
  'vl.sample': 'drop',
  'eid.result_given': 'speech',
  'eac.session': 'speech',
  'infant.arv_start': 'baby',
  'ctx.start': 'baby',
  'partner.hiv_test': 'people',
}

/** The drawing for a thing to do, by the kind of fact that does it. */
export function taskIcon(kind: string): IconName {
  return ICON_OF[kind] ?? (kind ? 'check' : 'clinic')
}
