import { compareBytes } from '../analyzers/byte-order.ts';
import type { LocatedFact } from '../image/types.ts';
import type { LayerFact, LayerRecord } from './layer-record.ts';
import type { SquashedTree } from './squashed-tree.ts';
import type { TreeNode } from './tree-node.ts';

/**
 * Facts whose files are visible, by analyzer, in byte order of their paths. A fact found by name goes to the path of its
 * entry. A fact found by content goes once to the file, at its own path when that is visible, else at the first hard
 * link to it.
 */
export function locateFacts(records: readonly LayerRecord[], tree: SquashedTree): Map<string, LocatedFact<unknown>[]> {
  const byLayer = records.map((record) => groupByEntry(record.facts));
  const located = new Map<string, LocatedFact<unknown>[]>();
  const homes = new Map<string, { path: string; layer: number; own: boolean; facts: LayerFact[] }>();
  for (const [path, node] of tree.entries()) {
    if (node.entry < 0 || node.children !== undefined || node.link !== undefined) continue;
    for (const fact of byLayer[node.layer]?.get(node.entry) ?? []) {
      if (fact.by === 'name') place(located, fact, path, node.layer);
    }
    if (node.contentEntry < 0) continue;
    const facts = byLayer[node.contentLayer]?.get(node.contentEntry)?.filter((fact) => fact.by === 'content');
    if (facts !== undefined && facts.length > 0) settle(homes, path, node, facts);
  }
  for (const { path, layer, facts } of homes.values()) for (const fact of facts) place(located, fact, path, layer);
  for (const facts of located.values()) facts.sort((a, b) => compareBytes(a.path, b.path));
  return located;
}

function settle(
  homes: Map<string, { path: string; layer: number; own: boolean; facts: LayerFact[] }>,
  path: string,
  node: TreeNode,
  facts: LayerFact[],
): void {
  const key = `${node.contentLayer}:${node.contentEntry}`;
  const own = node.layer === node.contentLayer && node.entry === node.contentEntry;
  const home = homes.get(key);
  if (home === undefined || (own && !home.own)) homes.set(key, { path, layer: node.layer, own, facts });
}

function groupByEntry(facts: readonly LayerFact[]): Map<number, LayerFact[]> {
  const groups = new Map<number, LayerFact[]>();
  for (const fact of facts) {
    const group = groups.get(fact.entry);
    if (group) group.push(fact);
    else groups.set(fact.entry, [fact]);
  }
  return groups;
}

function place(located: Map<string, LocatedFact<unknown>[]>, fact: LayerFact, path: string, layer: number): void {
  const facts = located.get(fact.analyzer);
  const row = { path, layer, fact: fact.fact };
  if (facts) facts.push(row);
  else located.set(fact.analyzer, [row]);
}
