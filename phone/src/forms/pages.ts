// A form as pages: a group that is a field list is one page, every other question a page of its own; each entry of a
// repeat comes by itself. What is not relevant has no page.

import type { AnyControlNode, AnyNode, GroupNode, RepeatInstanceNode, RootNode } from '@getodk/xforms-engine'
import { childrenOf } from '@/forms/engine'

export interface Page {
  key: string
  title: string
  /** Which entry of a repeat this is, such as baby 1 of 2. */
  entry: { number: number; of: number } | null
  questions: AnyControlNode[]
}

type Entry = Page['entry']

export function pagesOf(root: RootNode): Page[] {
  return childrenOf(root).flatMap((node) => pages(node, null))
}

function pages(node: AnyNode, entry: Entry): Page[] {
  switch (node.nodeType) {
    case 'repeat-range:controlled':
    case 'repeat-range:uncontrolled':
      return childrenOf(node).flatMap((child, at, all) => pages(child, { number: at + 1, of: all.length }))
    case 'group':
    case 'repeat-instance':
      return isFieldList(node) ? onePage(node, entry) : childrenOf(node).flatMap((child) => pages(child, entry))
    default:
      return isQuestion(node) && node.currentState.relevant ? [page(node, labelOf(node), [node], entry)] : []
  }
}

function onePage(node: GroupNode | RepeatInstanceNode, entry: Entry): Page[] {
  const questions = questionsIn(node).filter((question) => question.currentState.relevant)
  return questions.length ? [page(node, labelOf(node), questions, entry)] : []
}

function page(node: AnyNode, title: string, questions: AnyControlNode[], entry: Entry): Page {
  return { key: node.nodeId, title, entry, questions }
}

function questionsIn(node: AnyNode): AnyControlNode[] {
  if (isQuestion(node)) return [node]
  return childrenOf(node).flatMap(questionsIn)
}

function isQuestion(node: AnyNode): node is AnyControlNode {
  return ['input', 'select', 'note', 'range', 'rank', 'trigger', 'upload'].includes(node.nodeType)
}

function isFieldList(node: GroupNode | RepeatInstanceNode): boolean {
  const outer = node.nodeType === 'repeat-instance' ? node.parent.appearances : null
  return Boolean(node.appearances?.['field-list'] || outer?.['field-list'])
}

function labelOf(node: AnyNode): string {
  const own = node.currentState.label?.asString ?? ''
  return own || (node.nodeType === 'repeat-instance' ? (node.parent.currentState.label?.asString ?? '') : '')
}
